import type { Cloud } from "../cloud/cloud";
import { awsJson } from "../protocols/aws-json";
import { ConnectionDropped, isServiceName } from "../service/calls";
import { ServiceError } from "../service/errors";
import type { HttpAnswer, HttpRequest } from "../service/protocol";
import { credentialScope } from "./credential-scope";

/**
 * What the cloud answers to a signed request, however it came.
 * @throws {ConnectionDropped} if there shall be no answer
 */
export async function answer(cloud: Cloud, request: HttpRequest, requestId: string): Promise<HttpAnswer> {
  const scope = credentialScope(request);
  const service = scope && isServiceName(scope.service) ? scope.service : undefined;
  const protocol = service === undefined ? awsJson : cloud.protocol(service);
  try {
    if (scope === undefined) throw new ServiceError("MissingAuthenticationToken", "The request is not signed", 403);
    if (service === undefined) {
      throw new ServiceError("UnknownOperationException", `The service ${scope.service} is not emulated`);
    }
    const { operation, input } = protocol.read(request);
    const { accessKeyId, sessionToken, region } = scope;
    const identity = { accessKeyId, ...(sessionToken !== undefined && { sessionToken }) };
    const output = await cloud.invoke({ service, operation, region, identity, input });
    return protocol.answer(operation, output, requestId);
  } catch (error) {
    if (error instanceof ConnectionDropped) throw error;
    return protocol.error(asServiceError(error), requestId);
  }
}

/** A mistake of the emulator is an internal error of the service, with the reason in its message. */
function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ServiceError("InternalFailure", `The emulator failed: ${reason}`, 500, {}, { cause: error });
}

import { type HttpRequest, header } from "../service/protocol";

/** What a Signature Version 4 says about a request. The signature itself is not checked. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly sessionToken: string | undefined;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function credentialScope({ headers, query }: HttpRequest): CredentialScope | undefined {
  const authorization = header(headers, "authorization") ?? "";
  const credential = /Credential=([^,\s]+)/.exec(authorization)?.[1] ?? query.get("X-Amz-Credential") ?? "";
  const [accessKeyId, , region, service] = credential.split("/");
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service, sessionToken: header(headers, "x-amz-security-token") };
}

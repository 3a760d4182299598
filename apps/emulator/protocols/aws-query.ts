import { ServiceError } from "../service/errors";
import type { Protocol } from "../service/protocol";
import { type XmlContent, xmlDocument } from "./xml";

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

/** https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const awsQuery: Protocol = {
  read: ({ body, query }) => {
    const form = new URLSearchParams(body.length > 0 ? body.toString("utf8") : query);
    const { Action: operation, Version: _version, ...input } = Object.fromEntries(form);
    if (operation === undefined) throw new ServiceError("MissingAction", "The request has no Action");
    return { operation, input };
  },
  answer: (operation, output, requestId) =>
    xml(200, requestId, `${operation}Response`, {
      [`${operation}Result`]: { ...output } as { [name: string]: XmlContent },
      ResponseMetadata: { RequestId: requestId },
    }),
  error: ({ code, message, status }, requestId) =>
    xml(status, requestId, "ErrorResponse", {
      Error: { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message },
      RequestId: requestId,
    }),
};

function xml(status: number, requestId: string, root: string, content: XmlContent) {
  const headers = { "content-type": "text/xml", "x-amzn-requestid": requestId };
  return { status, headers, body: xmlDocument(root, namespace, content) };
}

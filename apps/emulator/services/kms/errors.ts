import { type CommonErrors, ServiceError } from "../../service/errors";

/** https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html */
export const kmsErrors: CommonErrors = {
  denied: (message) => new ServiceError("AccessDeniedException", message),
  throttled: () =>
    new ServiceError(
      "ThrottlingException",
      "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.",
    ),
  invalid: (message) => new ServiceError("ValidationException", message),
  unknownKey: () =>
    new ServiceError("UnrecognizedClientException", "The security token included in the request is invalid."),
  expired: () => new ServiceError("ExpiredTokenException", "The security token included in the request is expired"),
};

export function notFound(arn: string): ServiceError {
  const what = arn.includes(":alias/") ? "Alias" : "Key";
  return new ServiceError("NotFoundException", `${what} '${arn}' does not exist`);
}

/** An error as a service answers it: its code (`ResourceNotFoundException`, `NoSuchKey`), a message, an HTTP status. */
export class ServiceError extends Error {
  /** What the service's answer says besides. */
  readonly details: Readonly<Record<string, string>>;

  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    /** More response headers. */
    readonly headers: Readonly<Record<string, string>> = {},
    { details = {}, ...options }: ErrorOptions & { readonly details?: Readonly<Record<string, string>> } = {},
  ) {
    super(message, options);
    this.name = code;
    this.details = details;
  }
}

/**
 * How AWS words errors that no state of the emulator brings about, for those who inject them: what a fault that gives a name
 * alone is answered with. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateExportTask.html
 */
export const documentedErrors: Readonly<Record<string, { readonly message: string; readonly status: number }>> = {
  LimitExceededException: { message: "Resource limit exceeded.", status: 400 },
  OperationAbortedException: {
    message: "Multiple concurrent requests to update the same resource were in conflict.",
    status: 400,
  },
  ResourceAlreadyExistsException: { message: "The specified resource already exists.", status: 400 },
  ServiceUnavailableException: { message: "The service cannot complete the request.", status: 500 },
  ThrottlingException: { message: "Rate exceeded", status: 400 },
  RegionDisabledException: {
    message:
      "STS is not activated in this region for this account. Your account administrator can activate STS in this region using the IAM Console.",
    status: 403,
  },
};

/** How a service words the errors that all services have. */
export interface CommonErrors {
  readonly denied: (message: string) => ServiceError;
  readonly throttled: () => ServiceError;
  readonly invalid: (message: string) => ServiceError;
  readonly unknownKey: () => ServiceError;
  readonly expired: () => ServiceError;
}

const invalidToken = "The security token included in the request is invalid.";
const expiredToken = "The security token included in the request is expired";

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html */
export const logsErrors: CommonErrors = {
  denied: (message) => new ServiceError("AccessDeniedException", message),
  throttled: () => new ServiceError("ThrottlingException", "Rate exceeded"),
  invalid: (message) => new ServiceError("InvalidParameterException", message),
  unknownKey: () => new ServiceError("UnrecognizedClientException", invalidToken),
  expired: () => new ServiceError("ExpiredTokenException", expiredToken),
};

/** https://docs.aws.amazon.com/organizations/latest/APIReference/CommonErrors.html */
export const organizationsErrors: CommonErrors = {
  ...logsErrors,
  throttled: () => new ServiceError("TooManyRequestsException", "You have sent too many requests in too short a time."),
  invalid: (message) => new ServiceError("InvalidInputException", message),
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
export const stsErrors: CommonErrors = {
  denied: (message) => new ServiceError("AccessDenied", message, 403),
  throttled: () => new ServiceError("Throttling", "Rate exceeded"),
  invalid: (message) => new ServiceError("ValidationError", message),
  unknownKey: () => new ServiceError("InvalidClientTokenId", invalidToken, 403),
  expired: () => new ServiceError("ExpiredToken", expiredToken, 403),
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const s3Errors: CommonErrors = {
  denied: (message) => new ServiceError("AccessDenied", message, 403),
  throttled: () => new ServiceError("SlowDown", "Please reduce your request rate.", 503),
  invalid: (message) => new ServiceError("InvalidArgument", message),
  unknownKey: () =>
    new ServiceError("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", 403),
  expired: () => new ServiceError("ExpiredToken", "The provided token has expired."),
};

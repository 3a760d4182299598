export { serve } from "../wire/server";
export { withinOwnAccount } from "./authorization";
export type * from "./calls";
export { ConnectionDropped } from "./calls";
export { Cloud, type CloudOptions, type CloudRequest } from "./cloud";
export { ServiceError } from "./errors";
export type { Credentials, Role, RoleDefinition } from "./identity/iam";
export type { ExportTaskRecord, ExportTaskStatus } from "./logs/export-task-record";
export type { BucketDefinition, ObjectVersion } from "./s3/buckets";

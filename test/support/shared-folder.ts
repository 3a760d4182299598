const variable = "ORG_LOG_ARCHIVE_SHARED";

/** The folder that the test files of one run of Jest share, for what is dear to make and only read. */
export function sharedFolder(): string {
  const path = process.env[variable];
  if (path === undefined) throw new Error("Jest's globalSetup has made no shared folder");
  return path;
}

export function shareFolder(path: string): void {
  process.env[variable] = path;
}

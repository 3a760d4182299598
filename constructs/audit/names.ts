/** The names that auditors see in Athena, and the resources that policies are about. */

export const databaseName = "org_log_archive";
export const workGroupName = "org-log-archive";
/** Athena's own name for the Glue Data Catalog of its account and Region. */
export const dataCatalog = "AwsDataCatalog";

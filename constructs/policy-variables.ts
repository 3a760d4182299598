/** In a policy: the account of the principal that makes the request. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
export const principalAccount = `\${aws:PrincipalAccount}`;

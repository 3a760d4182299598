/** IAM for the emulator: decides by the policies that were deployed, instead of by a rule of thumb. */
export { DeployedPolicies, type Policies } from "./policies";
export { policyAuthorizer } from "./policy-authorizer";
export { PolicyNotEvaluable } from "./simulation";

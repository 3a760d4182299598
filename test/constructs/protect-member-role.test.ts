import { readFileSync } from "node:fs";
import { join } from "node:path";
import { protectMemberRole } from "../../constructs/member/protect-member-role";

const file = readFileSync(join(__dirname, "..", "..", "docs", "scp-protect-member-role.json"), "utf8");

test("the policy that people attach is the one that is tested", () => {
  expect(JSON.parse(file)).toEqual(protectMemberRole());
});

test("a service control policy of its size can be attached", () => {
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
  expect(file.length).toBeLessThan(5120);
});

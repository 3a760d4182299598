import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Policies, resourcesOf, type Stack } from "../../apps/emulator";
import { functionNames } from "../../constructs/names";
import { type Ask, administrator, asking, handler, keyed, root, session, withRoles } from "./support/asking";
import { deployPolicies } from "./support/deployed";
import { stateMachineRoles } from "./support/service-roles";
import { bucket, foreignAccount, logArchiveAccount, memberRoleArn, otherRegion, region } from "./support/world";

/** Who may sign, and who may write what is signed: both ways, with a key of the stack and with one of another account. */

const how = { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": "ECDSA_SHA_256" };
const archiveAdministrator = session(`arn:aws:iam::${logArchiveAccount}:role/Administrator`);
const roles = { [`arn:aws:iam::${logArchiveAccount}:role/Administrator`]: [administrator] };
const Alias = z.object({ AliasName: z.string(), TargetKeyId: z.string() });

function signingKeyIn(stacks: readonly Stack[], of: string): string {
  const [found] = stacks
    .filter(({ environment }) => environment.region === of)
    .flatMap((stack) => [...resourcesOf(stack, "AWS::KMS::Alias", Alias)])
    .filter(({ read }) => read.AliasName === "alias/org-log-archive-signing");
  if (!found) throw new Error(`No key signs in ${of}`);
  return found.read.TargetKeyId;
}

describe("the stack's key", () => {
  let ask: Ask;
  let stacks: readonly Stack[];
  let key: string;
  beforeAll(async () => {
    const deployed = await deployPolicies();
    stacks = deployed.stacks;
    ask = asking(withRoles(deployed.policies, roles));
    key = signingKeyIn(stacks, region);
  });

  test.each(functionNames)("%s signs only if it is sign-digest, and no message but a digest", async (name) => {
    const maySign = name === "sign-digest" ? "allow" : "explicit deny";
    expect(await ask(handler(name), "kms:Sign", key, how)).toBe(maySign);
    expect(await ask(handler(name), "kms:Sign", key, { ...how, "kms:MessageType": "RAW" })).not.toBe("allow");
    expect(await ask(handler(name), "kms:Sign", signingKeyIn(stacks, otherRegion), how)).not.toBe("allow");
    for (const action of ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:CreateGrant"])
      expect([action, await ask(handler(name), action, key)]).toEqual([action, "deny"]);
  });

  test("an administrator cannot sign without changing the key's policy first, and a member role cannot at all", async () => {
    expect(await ask(archiveAdministrator, "kms:Sign", key, how)).toBe("explicit deny");
    expect(await ask(archiveAdministrator, "kms:PutKeyPolicy", key)).toBe("allow");
    expect(await ask(session(memberRoleArn), "kms:Sign", key, how)).not.toBe("allow");
    for (const role of stateMachineRoles(stacks))
      expect(await ask(session(role), "kms:Sign", key, how)).not.toBe("allow");
  });

  test("digests and heads are written by sign-digest alone, seals by seal-account alone, whatever an administrator may", async () => {
    for (const [place, writer] of [
      ["digests/0000000001.json", "sign-digest"],
      ["runs/run-1/head.json", "sign-digest"],
      [`seals/day=2026-11-20/account=${logArchiveAccount}/1.json`, "seal-account"],
    ] as const) {
      for (const name of functionNames)
        expect([name, await ask(handler(name), "s3:PutObject", keyed(place))]).toEqual([
          name,
          name === writer ? "allow" : "explicit deny",
        ]);
      expect(await ask(archiveAdministrator, "s3:PutObject", keyed(place))).toBe("explicit deny");
    }
  });
});

describe("a key and a bucket of another account, with the statements that the documentation has", () => {
  const keyArn = `arn:aws:kms:eu-west-1:${foreignAccount}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  const copies = "digests-of-the-archive";
  const page = readFileSync(join(__dirname, "..", "..", "docs", "security.md"), "utf8");
  const statements = [...page.matchAll(/```json\n([\s\S]+?)```/g)].map(([, json = ""]): unknown =>
    JSON.parse(json.replaceAll("444455556666", logArchiveAccount)),
  );
  const policyOf = (sid: string) => ({
    Version: "2012-10-17",
    Statement: statements.filter((statement) => z.object({ Sid: z.string() }).parse(statement).Sid === sid),
  });

  /** The policies as the other account has them: with its statements, or without. */
  function withForeign(policies: Policies, isSaid: boolean): Policies {
    const nothing = { Version: "2012-10-17", Statement: [] };
    const key = { policy: isSaid ? policyOf("SignDigests") : nothing, aliases: [] };
    const foreignBucket = {
      account: foreignAccount,
      region: "eu-west-1",
      policy: isSaid ? policyOf("CopyDigests") : nothing,
    };
    return {
      role: (arn) => policies.role(arn),
      bucket: (name) => (name === copies ? foreignBucket : policies.bucket(name)),
      key: (arn) => (arn === keyArn ? key : policies.key(arn)),
    };
  }

  let ask: Ask;
  let askUnsaid: Ask;
  beforeAll(async () => {
    const configured = { signing: { keyArn }, digestCopies: { bucket: copies } };
    const policies = withRoles((await deployPolicies(configured)).policies, roles);
    ask = asking(withForeign(policies, true));
    askUnsaid = asking(withForeign(policies, false));
  });
  const copy = keyed(`${bucket}/digests/0000000001.json`, copies);

  test("sign-digest signs and copies, and neither without them", async () => {
    expect(await ask(handler("sign-digest"), "kms:Sign", keyArn, how)).toBe("allow");
    expect(await ask(handler("sign-digest"), "s3:PutObject", copy)).toBe("allow");
    expect(await askUnsaid(handler("sign-digest"), "kms:Sign", keyArn, how)).toBe("deny");
    expect(await askUnsaid(handler("sign-digest"), "s3:PutObject", copy)).toBe("deny");
  });

  test("no other principal of the log archive account does, its administrators included", async () => {
    const others = functionNames.filter((name) => name !== "sign-digest").map((name) => handler(name));
    for (const who of [...others, archiveAdministrator, root(logArchiveAccount)]) {
      expect(await ask(who, "kms:Sign", keyArn, how)).not.toBe("allow");
      expect(await ask(who, "kms:PutKeyPolicy", keyArn)).not.toBe("allow");
      expect(await ask(who, "s3:PutObject", copy)).not.toBe("allow");
    }
  });

  test("sign-digest neither reads, lists nor deletes there, nor writes elsewhere in it", async () => {
    for (const action of ["s3:GetObject", "s3:DeleteObject"])
      expect([action, await ask(handler("sign-digest"), action, copy)]).not.toContain("allow");
    expect(await ask(handler("sign-digest"), "s3:ListBucket", `arn:aws:s3:::${copies}`)).not.toBe("allow");
    for (const key of ["digests/0000000001.json", `${bucket}/runs/x`])
      expect(await ask(handler("sign-digest"), "s3:PutObject", keyed(key, copies))).not.toBe("allow");
  });
});

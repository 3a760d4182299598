import { verify } from "../../apps/verify/verify";
import { closeAll, emulate } from "../handlers/support/emulated";
import { account } from "../handlers/support/examples";
import { bucket, logGroup, noonYesterday, stream, world } from "../handlers/support/organisation";
import { runOnce } from "../handlers/support/run";

afterEach(closeAll);

const names = ["a+b c%41&=?é/ü", "[$LATEST]\u0001<&>"];

async function archive() {
  const streams = names.map((name) => stream(name, noonYesterday));
  const emulated = await emulate({ world: world([logGroup("/app/web", { streams })]) });
  await runOnce(emulated);
  const check = () => {
    const options = {
      range: { accounts: [account] },
      deep: true,
      keys: [],
      heads: [],
      verified: new Set<string>(),
      onDay: () => {},
    };
    return verify(emulated.store(), options);
  };
  const [data = ""] = emulated.keys(`${account}/`).filter((key) => key.endsWith(".gz"));
  return { emulated, check, data };
}

test("a bucket is verified through S3, whatever its keys hold", async () => {
  const { emulated, check } = await archive();
  const result = await check();
  expect(result).toMatchObject({ findings: [], objects: names.length });
  const data = emulated.keys(`${account}/`).filter((key) => key.endsWith(".gz"));
  expect(data.map((key) => key.split("/").at(-2)).sort()).toEqual(["[$LATEST]\u0001<&>", "a+b c%41&=?é-ü"].sort());
});

test("an object that was overwritten with the same bytes, or hidden by a delete marker, is found", async () => {
  const { emulated, check, data } = await archive();
  const { s3 } = emulated.cloud;
  s3.put(bucket, data, s3.object(bucket, data)?.body ?? Buffer.alloc(0), 0);
  expect((await check()).findings).toMatchObject([
    { kind: "changed-object", detail: `${data}: its size, ETag or version` },
    { kind: "several-versions", detail: `${data}: 2` },
  ]);
  s3.delete(bucket, data, undefined, 0);
  expect((await check()).findings.map(({ kind }) => kind).sort()).toEqual(["missing-objects", "several-versions"]);
});

test("what was overwritten or hidden is as it was once what lies on top of it is removed, and not when it is copied", async () => {
  const { emulated, check, data } = await archive();
  const { s3 } = emulated.cloud;
  const sealed = s3.object(bucket, data)?.body ?? Buffer.alloc(0);
  const marker = s3.delete(bucket, data, undefined, 0);
  s3.delete(bucket, data, marker?.versionId, 0);
  expect((await check()).findings).toEqual([]);
  s3.put(bucket, data, Buffer.from("other"), 0);
  const newer = s3.object(bucket, data)?.versionId;
  s3.put(bucket, data, sealed, 0);
  expect((await check()).findings.map(({ kind }) => kind)).toContain("changed-object");
  s3.delete(bucket, data, s3.object(bucket, data)?.versionId, 0);
  s3.delete(bucket, data, newer, 0);
  expect((await check()).findings).toEqual([]);
});

test("a bucket that may not be read is an error, not an empty archive", async () => {
  const { emulated, check } = await archive();
  emulated.rules.push(({ operation }) =>
    operation.startsWith("ListObject") ? { kind: "error", name: "AccessDenied", message: "no" } : undefined,
  );
  await expect(check()).rejects.toThrow();
});

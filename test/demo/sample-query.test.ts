import { askSampleQuery } from "../../apps/demo/sample-query";
import { days } from "../audit/support/archive";
import { expectedEvents } from "../query/support/expected";
import { useArchive } from "../query/support/use-archive";

const archive = useArchive();

test.each(days)("counts the events about errors of %s by log group, as they went in", async (day) => {
  const expected = new Map<string, number>();
  for (const event of expectedEvents("event-time"))
    if (event.day === day && /error/i.test(event.message)) {
      const group = [event.region, event.account, event.log_group].join(" ");
      expected.set(group, (expected.get(group) ?? 0) + 1);
    }
  const { rows } = await askSampleQuery(archive.folder, day);
  expect(
    new Map(rows.map(([account, _name, region, group, count]) => [[region, account, group].join(" "), count])),
  ).toEqual(expected);
});

test("has no rows for a day that the archive does not hold", async () => {
  expect((await askSampleQuery(archive.folder, "2020-01-01")).rows).toEqual([]);
});

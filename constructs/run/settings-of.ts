import type { z } from "zod";

/** What a handler's settings name of a configuration that has more: the payload's literal. */
export function settingsOf<Settings extends z.ZodObject>(
  schema: Settings,
  configuration: z.output<Settings>,
): Readonly<Record<string, unknown>> {
  return schema.strip().parse(configuration);
}

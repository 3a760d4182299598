import type { Bindings } from "./expressions";

/** The variables of a scope, and of those around it, which it can read. Unseen from outside. */
export class Variables {
  private readonly own: Record<string, unknown> = {};

  constructor(private readonly outer?: Variables) {}

  get all(): Bindings {
    return { ...this.outer?.all, ...this.own };
  }

  assign(values: Readonly<Record<string, unknown>>): void {
    Object.assign(this.own, values);
  }
}

import { rmSync } from "node:fs";
import { sharedFolder } from "./shared-folder";

export default function tearDown(): void {
  rmSync(sharedFolder(), { recursive: true, force: true });
}

/** A template, or an assembly of templates, that the emulator cannot deploy. */
export class NotDeployable extends Error {
  override readonly name = "NotDeployable";
}

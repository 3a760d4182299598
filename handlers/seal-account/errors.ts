/** Something that cannot be sealed as it is, and keeps nothing else from being sealed. The message says what is wrong. */
export class NotSealable extends Error {
  override readonly name = "NotSealable";
}

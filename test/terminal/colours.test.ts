import { coloursFor } from "../../apps/terminal/colours";

it("colours what goes to a terminal that has colours", () => {
  expect(coloursFor({ hasColors: () => true }).red("x")).toBe("\u001b[31mx\u001b[39m");
});

it("leaves plain what goes to a terminal without colours", () => {
  expect(coloursFor({ hasColors: () => false }).red("x")).toBe("x");
});

it("leaves plain what goes to a pipe", () => {
  expect(coloursFor({}).red("x")).toBe("x");
});

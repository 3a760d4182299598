import { xmlDocument } from "../../../apps/emulator/protocols/xml";

it("keeps markup and control characters of a text", () => {
  expect(xmlDocument("Result", "", { Key: "a & <b>\r\u0001" })).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Result><Key>a &#38; &#60;b&#62;&#xd;&#x1;</Key></Result>',
  );
});

it("repeats the element of a list, and leaves out what is undefined", () => {
  expect(xmlDocument("Result", "urn:x", { Item: [{ Size: 1 }, { Size: 2 }], Next: undefined })).toContain(
    '<Result xmlns="urn:x"><Item><Size>1</Size></Item><Item><Size>2</Size></Item></Result>',
  );
});

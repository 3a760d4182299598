/** The folder of the bundle, built if it has to be: `main.js` is the tool, `worker.js` reads objects for it. */
export function bundleFolder(): string;

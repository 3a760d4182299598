/** How this project's tool is called, in a clone of it: what texts say that name a command of it. */
export const tool = "npx org-log-archive";

import { iso, oneLine } from "./content";

/** A Spring application: one line, or one event that holds an exception with its causes. */
export const javaLine = oneLine((random, at) => {
  const time = iso(at).replace("T", " ").replace("Z", "");
  const thread = `http-nio-8080-exec-${random.int(1, 40)}`;
  if (random.chance(80)) {
    return `${time}  INFO 1 --- [${thread}] c.e.billing.InvoiceService : invoice ${random.digits(7)} stored in ${random.int(2, 400)} ms`;
  }
  return [
    `${time} ERROR 1 --- [${thread}] c.e.billing.InvoiceController : request failed`,
    `java.lang.IllegalStateException: invoice ${random.digits(7)} is locked`,
    `\tat com.example.billing.InvoiceService.store(InvoiceService.java:${random.int(20, 300)})`,
    "\tat java.base/java.lang.Thread.run(Thread.java:1583)",
    `Caused by: java.sql.SQLTransientException: lock wait timeout after ${random.int(5, 50)} s`,
    `\tat org.example.jdbc.Statement.execute(Statement.java:${random.int(100, 900)})`,
    `\t... ${random.int(8, 60)} more`,
  ].join("\n");
});

/** A Python worker: one line, or one event that holds a traceback (and ends with a newline). */
export const pythonLine = oneLine((random, at) => {
  const time = iso(at).replace("T", " ").replace(".", ",").replace("Z", "");
  if (random.chance(75))
    return `${time} INFO worker: task ${random.uuid()} succeeded in ${random.int(0, 30)}.${random.digits(3)}s`;
  return `${[
    `${time} ERROR worker: task ${random.uuid()} raised`,
    "Traceback (most recent call last):",
    `  File "/srv/app/worker.py", line ${random.int(20, 200)}, in run`,
    "    result = handler(payload)",
    "             ^^^^^^^^^^^^^^^^",
    `KeyError: '${random.pick(["customer_id", "größe", "amount"])}'`,
  ].join("\n")}\n`;
});

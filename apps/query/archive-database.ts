import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBTableFunction, type DuckDBValue } from "@duckdb/node-api";
import type { FolderStore } from "../../handlers/archive/folder-store";
import { eventsRoot } from "../../handlers/archive/layout";
import { literal } from "../../handlers/archive/sql/expressions";
import { spelledForDuckDb } from "./athena/spelling";
import { inDuckDbsSyntax } from "./athena/syntax-tree";
import "./byte-order-marks";
import { type EventsInFiles, findEventFiles } from "./events-in-files";
import { InvalidQuery } from "./invalid-query";
import { KnownAccounts } from "./known-accounts";
import { ObjectReaders } from "./object-readers";
import { type Selections, scans, wantedOf } from "./pruning";
import { withColumnsQuoted } from "./quoted-names";
import { type BytesRead, nothingRead, UnreadableObject } from "./reading";
import { scalarFunctions } from "./scalar-functions";
import { everyEventMacro } from "./scan-event-files";
import { scanDefinitions } from "./scans";
import { both, everything, type Selection, withoutNames } from "./selection";
import { isOrdered } from "./syntax";
import { tableFunction } from "./table-function";
import { viewStatements } from "./views";

export interface Question {
  readonly sql: string;
  /** The values of `$1`, `$2` ... */
  readonly values?: readonly (string | bigint)[];
  /** What to read at the most, besides what the statement itself excludes. */
  readonly selection?: Selection;
}

export interface Answer {
  readonly columns: readonly string[];
  /** The parts of the archive whose content the question is about. */
  readonly content: Selection;
  /** The parts whose records it is about. */
  readonly records: Selection;
  /** Whether the statement says in which order its rows come. */
  readonly isOrdered: boolean;
  /** Rows as they are found. */
  readonly batches: AsyncIterable<readonly (readonly DuckDBValue[])[]>;
}

export interface ReadingOptions {
  /** Told again and again how much a question has read: it may take long. */
  readonly onRead?: (read: BytesRead) => void;
  /** Where events are read: event files hold what is sealed, the evidence everything. */
  readonly eventsFrom?: "event-files" | "evidence";
  /** Brings what a question can want to where it is read. */
  readonly prepare?: (wanted: Selections) => Promise<void>;
}

const memoryLimit = "1GB";

/**
 * An archive folder as a database of the audit views. DuckDB itself may touch no file but event files, which it reads, and those
 * of its own scratch folder: all else is read by this process, and only what the statement can want.
 */
export class ArchiveDatabase {
  readonly read: BytesRead = nothingRead();
  private selections: Selections = {};
  private inFiles: EventsInFiles | undefined;
  private scanError: unknown;
  private isAtWork = false;
  private isInterrupted = false;
  /** What reads for the question that was asked last. */
  private readonly readers: ObjectReaders[] = [];
  /** Also when the process ends in the middle of a question. */
  private readonly removeScratch = () => rmSync(this.scratch, { recursive: true, force: true });

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly scratch: string,
    readonly accounts: KnownAccounts,
    private readonly buckets: readonly FolderStore[],
    private readonly options: Required<ReadingOptions>,
  ) {
    process.once("exit", this.removeScratch);
  }

  static async open(
    buckets: readonly FolderStore[],
    { onRead = () => {}, eventsFrom = "event-files", prepare = async () => {} }: ReadingOptions = {},
  ): Promise<ArchiveDatabase> {
    const scratch = mkdtempSync(join(tmpdir(), "org-log-archive-"));
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: memoryLimit,
      temp_directory: scratch,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    const accounts = new KnownAccounts(buckets);
    const options = { onRead, eventsFrom, prepare };
    const database = new ArchiveDatabase(instance, connection, scratch, accounts, buckets, options);
    for (const scan of scans) connection.registerTableFunction(database.scan(scan));
    const failed = (error: unknown) => {
      database.scanError ??= error;
    };
    for (const one of scalarFunctions((account) => accounts.nameOf(account), failed))
      connection.registerScalarFunction(one);
    // One call: each costs half of what its statement does.
    await connection.run(viewStatements.join(";\n"));
    await connection.run("SET TimeZone = 'UTC'");
    // Rows are shown as they are found, and not when there are enough.
    await connection.run("SET enable_caching_operators = false");
    await connection.run("SET streaming_buffer_size = '1KB'");
    const folders = buckets.map((bucket) => literal(bucket.folder(eventsRoot)));
    if (eventsFrom === "event-files") await connection.run(`SET allowed_directories = [${folders.join(", ")}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    return database;
  }

  /**
   * Asks a question.
   * @throws {InvalidQuery} saying what is wrong with the statement, here or when the rows are read
   */
  async ask({ sql: written, values = [], selection = everything }: Question): Promise<Answer> {
    const sql = withColumnsQuoted(spelledForDuckDb(written));
    this.closeReaders();
    const { syntax, tree } = await this.syntaxOf(sql);
    const wanted = wantedOf(tree);
    const narrowed = (wants: Selection) =>
      both(
        selection,
        withoutNames(wants, (name) => this.accounts.idsOf(name)),
      );
    this.selections = Object.fromEntries(
      Object.entries(wanted.scans).map(([scan, ofScan]) => [scan, narrowed(ofScan)]),
    );
    await this.options.prepare(this.selections);
    await this.findEventFiles();
    const [content, records] = [narrowed(wanted.content), narrowed(wanted.records)];
    try {
      this.isAtWork = true;
      const result = await this.connection.stream(await this.inDuckDb(sql, syntax), [...values]);
      return {
        columns: result.deduplicatedColumnNames(),
        content,
        records,
        isOrdered: isOrdered(tree),
        batches: this.batches(result.yieldRows()),
      };
    } catch (error) {
      this.isAtWork = false;
      throw this.explain(error);
    }
  }

  /** What event files hold of the events that the question can want. */
  private async findEventFiles(): Promise<void> {
    const { events } = this.selections;
    this.inFiles =
      events && this.options.eventsFrom === "event-files" ? findEventFiles(this.buckets, events, this.read) : undefined;
    await this.connection.run(everyEventMacro(this.inFiles));
  }

  /** Ends the question that DuckDB is at work on, which then fails; false if it is at none. */
  interrupt(): boolean {
    this.isInterrupted = this.isAtWork;
    if (this.isAtWork) this.connection.interrupt();
    return this.isAtWork;
  }

  close(): void {
    this.closeReaders();
    this.connection.closeSync();
    this.instance.closeSync();
    this.removeScratch();
    process.off("exit", this.removeScratch);
  }

  private async *batches(rows: AsyncIterable<DuckDBValue[][]>): AsyncGenerator<DuckDBValue[][]> {
    try {
      yield* rows;
      // A stream of rows may just end there, and what was told of it would pass for the whole answer.
      if (this.isInterrupted) throw new Error("The question was interrupted");
    } catch (error) {
      throw this.explain(error);
    } finally {
      this.isAtWork = false;
    }
  }

  private newReaders(): ObjectReaders {
    const readers = new ObjectReaders(this.read, () => this.options.onRead(this.read));
    this.readers.push(readers);
    return readers;
  }

  private closeReaders(): void {
    for (const readers of this.readers.splice(0)) readers.close();
  }

  private explain(error: unknown): unknown {
    const message = error instanceof Error ? error.message : String(error);
    const damaged = this.inFiles?.files.find(({ path }) => message.includes(path));
    if (damaged)
      return new UnreadableObject(
        `An event file cannot be read (${message}). Ask with --evidence: it answers without event files.`,
        { cause: error },
      );
    return this.scanError ?? new InvalidQuery(message, { cause: error });
  }

  private scan(name: (typeof scans)[number]): DuckDBTableFunction {
    const { columns, open } = scanDefinitions[name];
    return tableFunction(
      `scan_${name}`,
      columns,
      () => {
        const selection = this.selections[name];
        // What the syntax did not show is never answered from nothing.
        if (!selection)
          throw new InvalidQuery(`What this statement reads of ${name} is not understood. Write it otherwise.`);
        const { buckets, read, inFiles } = this;
        return open({ buckets, read, inFiles, readers: () => this.newReaders() }, selection);
      },
      (error) => {
        this.scanError ??= error;
      },
    );
  }

  /** Only a SELECT has a syntax tree here, which keeps every other statement out. */
  private async syntaxOf(sql: string): Promise<{ readonly syntax: string; readonly tree: unknown }> {
    const syntax = await this.textOf("SELECT json_serialize_sql($1::VARCHAR)", sql);
    const tree: unknown = JSON.parse(syntax);
    if (typeof tree === "object" && tree !== null && "error" in tree && tree.error === true) {
      const message = "error_message" in tree ? String(tree.error_message) : "unknown";
      throw new InvalidQuery(
        message.startsWith("Only SELECT")
          ? "Only a SELECT can be asked: the archive is read, never written. Also allowed: WITH, DESCRIBE, SUMMARIZE."
          : message,
      );
    }
    if (statementCount(tree) !== 1) throw new InvalidQuery("Ask one question at a time: one SELECT.");
    return { syntax, tree };
  }

  /** The statement as it is, unless something of it is Athena's alone. */
  private async inDuckDb(sql: string, syntax: string): Promise<string> {
    const other = inDuckDbsSyntax(syntax);
    return other === undefined ? sql : await this.textOf("SELECT json_deserialize_sql($1::JSON)", other);
  }

  private async textOf(sql: string, value: string): Promise<string> {
    const reader = await this.connection.runAndReadAll(sql, [value]);
    return String(reader.getRows()[0]?.[0]);
  }
}

function statementCount(tree: unknown): number {
  const statements = typeof tree === "object" && tree !== null && "statements" in tree ? tree.statements : [];
  return Array.isArray(statements) ? statements.length : 0;
}

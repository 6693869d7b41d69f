import { createRequire as createRequireOfBundle } from 'node:module';
{ const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 19)) {
    console.error('inference-gate needs Node.js 24 (22.19 at least), this is ' + process.version + '. Install it, or run through npm in a clone, which brings it along.');
    process.exit(2); } }
const require = createRequireOfBundle(import.meta.url);
import {
  BACKSLASH,
  COLON,
  COMMA,
  CR,
  ConfigProblems,
  DIALECTS,
  EXIT,
  FEWEST_APART,
  FILE_FORMATS,
  ForeignData,
  GateError,
  HOUR_MS,
  LARGEST_RUN_FILE,
  LF,
  MOST_RECORDS,
  NO_STORE,
  PRECISION,
  QUOTE,
  RECOMMENDED_RUNS,
  REPOSITORY,
  SILENT_PROGRESS,
  STARTER_CONFIG,
  STARTER_WORKFLOW,
  TOOL,
  asArray,
  asAsked,
  asNumber,
  asObject,
  asProposed,
  asText,
  assembleImported,
  blockingOf,
  calibrateGate,
  calibrationText,
  changeOf,
  chooseBaseline,
  combineTrusted,
  commentOf,
  configPath,
  configsOf,
  contentsOf,
  countAt,
  decodeEpoch,
  defaultLimits,
  defaultPolicy,
  droppedGates,
  droppedOf,
  encodeEventStream,
  encodeNdjson,
  encodeRun,
  encodeSse,
  entryOf,
  escapeLog,
  exitCodeOfError,
  exitCodeOfRecord,
  exitCodeOfVerdicts,
  filesOf,
  findFiles,
  gateFolder,
  gatePorts,
  gateRequests,
  historyFiles,
  historyOfGate,
  historyTable,
  html,
  invalidityWords,
  isCounted,
  isGateName,
  isLarge,
  isObject,
  issueLine,
  jobResultOf,
  jsonOrNothing,
  judgeSaved,
  judgedBetween,
  keepRuns,
  leaving,
  lengthAt,
  listAt,
  logProgress,
  measureInTurns,
  measureShard,
  mergedByGate,
  milliseconds,
  nameOf,
  nearestName,
  newRunId,
  newerThan,
  nowIso,
  objectAt,
  openEpoch,
  ownerOf,
  parseDuration,
  parseJson,
  parseRate,
  pingText,
  planText,
  prepare,
  present,
  previewGate,
  proxySecrets,
  questionsOf,
  readConfig,
  readConfigIfThere,
  readInPieces,
  readRuns,
  readText,
  readTextIfThere,
  recordGates,
  recordSeries,
  refuseTwoProofs,
  renderHistory,
  reportOf,
  reportTexts,
  requestsOfSaved,
  runAll,
  runFile,
  runFiles,
  runGate,
  runsOfConfig,
  seriesOf,
  sideBySide,
  standingLines,
  storeOfConfig,
  summarize,
  sweep,
  sweepReport,
  terminalProgress,
  text,
  textAt,
  undoEpoch,
  visible,
  waitFamilyOf,
  withBranchStore,
  withEarlierRuns,
  withTurns,
  writeCalibrated,
  writeFolder,
  writeReport,
  writeStarterConfig,
  writeStarterWorkflow,
  writeText
} from "./gate.js";
import "./undici.js";
import {
  __commonJS,
  __require,
  __toESM
} from "./shared.js";

// required-modules:node:http
var require_node_http = __commonJS({
  "required-modules:node:http"(exports, module) {
    module.exports = __require("node:http");
  }
});

// required-modules:node:https
var require_node_https = __commonJS({
  "required-modules:node:https"(exports, module) {
    module.exports = __require("node:https");
  }
});

// src/app/cli/command.ts
import { parseArgs } from "node:util";
function parseArguments(command, argv) {
  const args = readArguments(command, argv);
  for (const option of command.options) refuseIllegal(option, args);
  return args;
}
function refuseIllegal({ name, legal }, args) {
  const wrong = args.texts(name).find((value) => legal?.includes(value) === false);
  if (legal === void 0 || wrong === void 0) return;
  throw new GateError(
    "usage",
    `--${name} is "${wrong}"; legal values: ${legal.join(", ")}`,
    "Correct the option."
  );
}
function readArguments(command, argv) {
  const options = Object.fromEntries(
    command.options.map(({ name, value }) => [
      name,
      { type: value === void 0 ? "boolean" : "string", multiple: true }
    ])
  );
  try {
    const { values, positionals } = parseArgs({
      args: [...spreadOut(command, argv)],
      options,
      allowPositionals: command.operands !== void 0,
      strict: true
    });
    const of = (name) => values[name] ?? [];
    const texts = (name) => of(name).filter((value) => typeof value === "string");
    return {
      text: (name) => texts(name).at(-1),
      texts,
      given: (name) => of(name).length > 0,
      operands: positionals
    };
  } catch (cause) {
    throw wrongArguments(command, argv, cause);
  }
}
function spreadOut(command, argv) {
  let open2;
  let isFirst = false;
  return argv.flatMap((argument) => {
    if (argument.startsWith("-")) {
      const [flag = "", value] = argument.split("=", 2);
      open2 = command.options.some(({ several, name }) => several && `--${name}` === flag) ? flag : void 0;
      isFirst = value === void 0;
      return [argument];
    }
    if (open2 === void 0 || isFirst) {
      isFirst = false;
      return [argument];
    }
    return [open2, argument];
  });
}
function wrongArguments(command, argv, cause) {
  const known2 = command.options.map(({ name }) => `--${name}`);
  const unknown = argv.find(
    (argument) => argument.startsWith("-") && !known2.includes(argument.split("=")[0] ?? "")
  );
  const what = unknown === void 0 ? String(cause.message).split("\n")[0] : `unknown option ${unknown}${didYouMean(unknown.split("=")[0] ?? "", known2)}`;
  return new GateError(
    "usage",
    `inference-gate ${command.name}: ${what}; its options are ${known2.join(", ") || "none"}`,
    `See inference-gate ${command.name} --help.`,
    { cause }
  );
}
function didYouMean(written, legal) {
  const bare = (name) => name.replace(/^--?/, "").replace(/-/g, "_");
  const nearest = nearestName(bare(written), legal.map(bare));
  const meant = legal.find((name) => bare(name) === nearest);
  return meant === void 0 ? "" : `, did you mean "${meant}"?`;
}
function wholeNumber(args, name) {
  const text3 = args.text(name);
  if (text3 === void 0) return void 0;
  if (/^\d{1,9}$/.test(text3)) return Number(text3);
  throw new GateError(
    "usage",
    `--${name} is "${text3}"; it takes a whole number`,
    "Correct the option."
  );
}
function row(left, right) {
  return `  ${left.padEnd(24)} ${right}`;
}
function commandHelp(command) {
  const operands = command.operands === void 0 ? "" : ` ${command.operands}`;
  const options = command.options.map(
    ({ name, value, help }) => row(`--${name}${value === void 0 ? "" : ` ${value}`}`, help)
  );
  const lines = [
    command.summary,
    "",
    `Usage: inference-gate ${command.name}${options.length > 0 ? " [options]" : ""}${operands}`,
    ...options.length > 0 ? ["", "Options:", ...options] : [],
    ...command.notes === void 0 ? [] : ["", command.notes]
  ];
  return `${lines.join("\n")}
`;
}
function overviewHelp(commands) {
  return `Inference Gate stops a change from making an LLM endpoint slower, flakier or more expensive.

Usage: inference-gate <command> [options]

Commands:
${commands.map(({ name, summary }) => row(name, summary)).join("\n")}

Start with:
  inference-gate demo                 see it work on a simulated endpoint, no key needed
  inference-gate init --url URL --model NAME
                                      write a config and a workflow for your endpoint
  inference-gate record               measure the endpoint as it is now, as the baseline
  inference-gate run                  measure again and compare

The key is read from INFERENCE_GATE_API_KEY (and INFERENCE_GATE_REFERENCE_API_KEY).

Exit codes:
  0   passed, or nothing that blocks
  1   a regression, or a ceiling breached
  2   a mistake in the config or the command line
  3   could not measure: the endpoint is down, the key is wrong, the client was too slow
  4   inconclusive, no baseline or a dropped gate, where the policy blocks on it
  70  a bug of ours

inference-gate <command> --help says more of each.
`;
}

// src/app/cli/run-options.ts
import { join } from "node:path";

// src/app/cli/checkout.ts
import { spawnSync } from "node:child_process";
var PATIENCE_MS = 5e3;
function checkoutOf(folder, env) {
  const commit = said(["rev-parse", "--verify", "HEAD"], { folder, env });
  const branch = said(["symbolic-ref", "--short", "HEAD"], { folder, env });
  return {
    commit,
    branch
  };
}
function prefixOf(folder, env) {
  return said(["rev-parse", "--show-prefix"], { folder, env }) ?? "";
}
function said(args, { folder, env }) {
  const { status, stdout } = spawnSync("git", args, {
    cwd: folder,
    env: { PATH: env.PATH ?? "", HOME: env.HOME ?? "", LC_ALL: "C" },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: PATIENCE_MS
  });
  const text3 = status === 0 ? stdout.trim() : "";
  return text3 === "" ? void 0 : text3;
}

// src/app/cli/run-options.ts
var DEFAULT_CONFIG = ".github/inference-gate.yml";
var DEFAULT_BASELINE = ".inference-gate";
var DEFAULT_REPORT_DIR = "inference-gate-report";
var CONFIG_OPTION = {
  name: "config",
  value: "FILE",
  help: `the config (default ${DEFAULT_CONFIG}, or inference-gate.yml here)`
};
var BASELINE_OPTION = {
  name: "baseline",
  value: "DIR",
  help: `the folder the baseline is kept in (default ${DEFAULT_BASELINE})`
};
var STORE_OPTIONS = [
  BASELINE_OPTION,
  {
    name: "remote",
    value: "URL",
    help: "keep the baseline on a git branch of this repository instead (path or address)"
  },
  { name: "branch", value: "NAME", help: "that branch (default: the config's, inference-gate)" }
];
var GATE_OPTION = {
  name: "gate",
  value: "NAME",
  help: "only this gate of the config"
};
function formatWords({ name, files }) {
  return `${name}: ${Object.keys(files).join(" and ")}`;
}
var REPORT_OPTIONS = [
  {
    name: "json",
    value: "FILE",
    help: "also write report.json here; - prints it in place of the report"
  },
  {
    name: "report-dir",
    value: "DIR",
    help: `the folder for report files (default ${DEFAULT_REPORT_DIR})`
  },
  {
    name: "format",
    value: "NAME",
    legal: FILE_FORMATS.map(({ name }) => name),
    help: `also ${FILE_FORMATS.map(formatWords).join("; ")}; in that folder; may be repeated`
  },
  { name: "comment-file", value: "FILE", help: "also write the comment, in Markdown, here" }
];
var EARLIER_OPTION = {
  name: "reference-results",
  value: "GLOB",
  several: true,
  help: "run files measured within the hour, judged as the second arm; may be repeated"
};
var URL_OPTIONS = [
  { name: "endpoint-url", value: "URL", help: "measure this in place of the config's endpoint" },
  { name: "reference-url", value: "URL", help: "measure this as the second arm" }
];
async function configFileOf(args, invocation) {
  const given = args.text("config");
  if (given !== void 0) return given;
  const inFolder = await readTextIfThere(join(invocation.folder, DEFAULT_CONFIG));
  if (inFolder !== void 0) return DEFAULT_CONFIG;
  const here = await readTextIfThere(join(invocation.folder, "inference-gate.yml"));
  return here === void 0 ? DEFAULT_CONFIG : "inference-gate.yml";
}
async function configHere(args, invocation) {
  const prefix = prefixOf(invocation.folder, invocation.env);
  return configPath(await configFileOf(args, invocation), { folder: invocation.folder, prefix });
}
function overridesOf(args) {
  const endpointUrl = args.text("endpoint-url");
  const referenceUrl = args.text("reference-url");
  return {
    endpointUrl,
    referenceUrl
  };
}
async function configOf(args, invocation) {
  const onlyGate = args.text("gate");
  const { config, warnings } = await readConfig({
    entrypoint: "command-line",
    onlyGate,
    file: await configFileOf(args, invocation),
    read: filesOf(invocation.folder),
    env: invocation.env,
    overrides: overridesOf(args)
  });
  for (const warning of warnings) invocation.err(`${issueLine(warning)}
`);
  const given = (name) => invocation.env[name] ? name : void 0;
  refuseTwoProofs(config, {
    key: given("INFERENCE_GATE_API_KEY"),
    referenceKey: given("INFERENCE_GATE_REFERENCE_API_KEY")
  });
  return config;
}
function chosenGate(args, config) {
  const name = args.text("gate");
  if (name === void 0 || config.gates.some((gate) => gate.name === name)) return name;
  const names = config.gates.map((gate) => gate.name).join(", ");
  throw new GateError("usage", `--gate is "${name}"; the config has ${names}`, "Name one of these.");
}
function durationOf(args, name) {
  const text3 = args.text(name);
  if (text3 === void 0) return void 0;
  if (/^\d+(\.\d+)? ?(ms|s|m|h|d)$/.test(text3)) return parseDuration(text3);
  throw new GateError(
    "usage",
    `--${name} is "${text3}"; it takes a duration with its unit, as 30s or 5m`,
    "Correct the option."
  );
}

// src/app/cli/store-of-options.ts
import { resolve } from "node:path";

// src/baseline/folder/folder.ts
import { randomBytes } from "node:crypto";
import { lstat, mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { dirname, join as join2 } from "node:path";
var MOST_FILES = 2e4;
var UNFINISHED = ".unfinished-";
function folderStore(directory, reportDir = "inference-gate-report") {
  const place = `folder ${directory}`;
  return {
    place,
    read: async (gate) => {
      const paths = await listFiles(directory, gateFolder(gate));
      return contentsOf(gate, await readFiles(directory, paths), place);
    },
    append: async (additions, settings) => {
      try {
        for (const addition of additions) await appendToGate(directory, addition, settings);
        return { stored: true, attempts: 1 };
      } catch (error) {
        return notStored({ directory, reportDir }, error);
      }
    }
  };
}
async function appendToGate(directory, addition, settings) {
  const folder = gateFolder(addition.gate);
  const paths = await listFiles(directory, folder);
  const before = { paths, epochs: await readEpochs(directory, paths) };
  const change = changeOf(prepare(addition), before, settings);
  for (const [path, text3] of change.puts) await writeWhole(join2(directory, path), text3);
  for (const path of change.deletes) await removeIfThere(join2(directory, path));
  await removeUnfinished(join2(directory, folder), Date.parse(settings.nowIso));
}
async function readEpochs(directory, paths) {
  const files = await readFiles(
    directory,
    paths.filter((path) => entryOf(path)?.kind === "epoch")
  );
  return files.flatMap((file) => {
    const decoded = "text" in file ? decodeEpoch(file.text, file.path) : void 0;
    return decoded?.ok === true ? [decoded.epoch] : [];
  });
}
async function listFiles(directory, folder) {
  const found = [];
  const pending = [folder];
  for (let next2 = pending.pop(); next2 !== void 0; next2 = pending.pop()) {
    for (const entry of await entriesOf(directory, next2)) {
      const path = `${next2}/${entry.name}`;
      if (entry.isDirectory()) pending.push(path);
      else if (!entry.name.startsWith(UNFINISHED)) found.push(path);
      if (found.length + pending.length > MOST_FILES) throw tooMany(directory, folder);
    }
  }
  return found.sort();
}
async function entriesOf(directory, folder) {
  try {
    return await readdir(join2(directory, folder), { withFileTypes: true });
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw new GateError(
      "baseline",
      `cannot list the baseline folder ${join2(directory, folder)}: ${reasonOf(error)}`,
      "Give a folder that this user can read, or a new one.",
      { cause: error }
    );
  }
}
async function readFiles(directory, paths) {
  const files = [];
  for (const path of paths) {
    const file = await readBounded(directory, path);
    if (file !== void 0) files.push(file);
  }
  return files;
}
async function readBounded(directory, path) {
  try {
    if (!(await lstat(join2(directory, path))).isFile()) return { path, problem: "is no plain file" };
    const handle = await open(join2(directory, path), "r");
    try {
      const { size } = await handle.stat();
      if (size > LARGEST_RUN_FILE) return { path, problem: `is over ${LARGEST_RUN_FILE} bytes` };
      return { path, text: await handle.readFile("utf8") };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isCode(error, "ENOENT")) return void 0;
    return { path, problem: `cannot be read: ${reasonOf(error)}` };
  }
}
async function writeWhole(path, text3) {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const unfinished = join2(folder, `${UNFINISHED}${randomBytes(8).toString("hex")}`);
  try {
    const handle = await open(unfinished, "wx");
    try {
      await handle.writeFile(leaving.json(text3));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
async function removeIfThere(path) {
  try {
    await unlink(path);
  } catch (error) {
    if (!isCode(error, "ENOENT")) throw error;
  }
}
async function removeUnfinished(folder, nowMs) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries.filter((one) => one.name.startsWith(UNFINISHED))) {
    const path = join2(entry.parentPath, entry.name);
    const handle = await open(path, "r").catch(() => void 0);
    const age = handle === void 0 ? 0 : nowMs - (await handle.stat()).mtimeMs;
    await handle?.close();
    if (age > HOUR_MS) await rm(path, { force: true });
  }
}
function notStored(place, error) {
  if (!isSystemError(error) && !(error instanceof GateError)) throw error;
  return {
    stored: false,
    problem: `cannot write the baseline folder ${place.directory}: ${reasonOf(error)}`,
    command: storeLater(place)
  };
}
function storeLater({ directory, reportDir }) {
  const results = quoted(`${reportDir}/runs/*.json`);
  return `inference-gate record --results ${results} --baseline ${quoted(directory)}`;
}
function quoted(text3) {
  return `'${text3.replaceAll("'", "'\\''")}'`;
}
function tooMany(directory, folder) {
  return new GateError(
    "baseline",
    `the baseline folder ${join2(directory, folder)} holds more than ${MOST_FILES} files`,
    "Move what does not belong there away."
  );
}
function isSystemError(error) {
  if (typeof error !== "object" || error === null) return false;
  return "code" in error && typeof error.code === "string" && "syscall" in error;
}
function isCode(error, code) {
  return isSystemError(error) && error.code === code;
}
function reasonOf(error) {
  if (isSystemError(error)) return error.code;
  return error instanceof Error ? error.message : String(error);
}

// src/app/cli/store-of-options.ts
async function withStoreOf(args, invocation, named) {
  const owner = ownerOf(await configHere(args, invocation), named.config, named.base);
  const act = (store) => named.act(storeOfConfig(store, owner));
  const remoteUrl = args.text("remote");
  if (remoteUrl === void 0) {
    const folder = resolve(invocation.folder, args.text("baseline") ?? DEFAULT_BASELINE);
    return act(folderStore(folder, args.text("report-dir") ?? DEFAULT_REPORT_DIR));
  }
  if (args.given("baseline")) {
    throw new GateError(
      "usage",
      "--baseline and --remote are both given; a baseline is kept in one place",
      "Give one of them."
    );
  }
  const place = {
    remoteUrl: addressOf(remoteUrl, invocation),
    branch: args.text("branch") ?? named.config.baseline.branch,
    token: invocation.env.INFERENCE_GATE_GIT_TOKEN || void 0,
    reportDir: args.text("report-dir") ?? DEFAULT_REPORT_DIR,
    env: invocation.env,
    signal: invocation.signal
  };
  return withBranchStore(place, act);
}
function addressOf(remote, invocation) {
  return /^[a-z+]+:\/\/|^[^/]+@[^/]+:/i.test(remote) ? remote : resolve(invocation.folder, remote);
}

// src/app/cli/commands/accept.ts
var accept = {
  name: "accept",
  summary: "Open a new baseline epoch: what was kept apart becomes the baseline.",
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    { name: "reason", value: "TEXT", help: "why (required; it is stored)" },
    { name: "by", value: "NAME", help: "who (default: the user of this machine)" },
    { name: "base-branch", value: "NAME", help: "only the baseline of this branch (default: all)" },
    { name: "run", value: "ID", help: "this run in place of the newest one kept apart" },
    { name: "undo", help: "take the newest acceptance back: its run is kept apart again" }
  ],
  run: async (args, invocation) => {
    const config = await configOf(args, invocation);
    const gates = gatesOf(args, config);
    const reason = args.text("reason") ?? (args.given("undo") ? "accepted by mistake" : void 0);
    if (reason === void 0 || reason.trim() === "") {
      throw new GateError(
        "usage",
        "inference-gate accept needs --reason",
        'Say why the change is right, as --reason "larger model, agreed".'
      );
    }
    return await withStoreOf(args, invocation, {
      config,
      act: (store) => acceptAll(gates, reason, { args, invocation, store, settings: config.baseline })
    });
  }
};
async function acceptAll(gates, reason, accepting) {
  const { args, invocation, store, settings } = accepting;
  const isUndo = args.given("undo");
  const begun2 = [];
  for (const gate of gates) {
    const act = { ...accepting, gate, reason, contents: await store.read(gate) };
    begun2.push(...isUndo ? undoing(act) : opening(act));
  }
  if (begun2.length === 0) {
    const why = isUndo ? "undo" : "accept";
    const what = isUndo ? "has no accepted epoch" : "keeps no run apart";
    invocation.out(`nothing to ${why}: ${store.place} ${what}
`);
    return EXIT.passed;
  }
  const additions = begun2.map(({ addition }) => addition);
  const appended = await store.append(additions, { ...settings, nowIso: nowIso() });
  if (!appended.stored) {
    throw new GateError("baseline", appended.problem, "Nothing was changed; try again.");
  }
  for (const { words } of begun2) invocation.out(`${words}
`);
  return EXIT.passed;
}
function gatesOf(args, config) {
  const only = chosenGate(args, config);
  return only === void 0 ? config.gates.map(({ name }) => name) : [only];
}
function opening(act) {
  const { args, gate, reason, contents } = act;
  const runId = args.text("run");
  const { epoch, promoted } = openEpoch(contents, {
    gate,
    reason,
    by: byOf(act),
    how: "command",
    nowIso: nowIso(),
    id: newRunId(),
    runId,
    branch: args.text("base-branch")
  });
  if (runId !== void 0 && promoted === void 0) {
    throw new GateError(
      "usage",
      `${contents.place} has no run ${runId} of the gate ${gate}`,
      "inference-gate history lists the runs."
    );
  }
  if (promoted === void 0 && !args.given("gate")) return [];
  if (promoted !== void 0 && runId === void 0) refuseStale(promoted, act);
  const words = promoted === void 0 ? `${gate}: a new baseline epoch begins with the next recorded run` : `${gate}: a new baseline epoch begins with run ${described(promoted)}
  inference-gate accept --undo takes this back`;
  return [
    { words, addition: { gate, runs: promoted === void 0 ? [] : [promoted], epochs: [epoch] } }
  ];
}
function refuseStale(held, { gate, contents }) {
  const newer = newerThan(contents, held).length;
  if (newer === 0) return;
  throw new GateError(
    "usage",
    `${gate}: the newest run kept apart is ${described(held)}, and ${newer === 1 ? "a newer run was" : `${newer} newer runs were`} accepted since: it is stale`,
    `To accept it all the same, name it: --run ${held.run.id}`
  );
}
function undoing(act) {
  const { args, gate, reason, contents } = act;
  const branch = args.text("base-branch");
  const newest = contents.epochs.findLast(
    (epoch) => branch === void 0 || epoch.branch === branch
  );
  if (newest === void 0) return [];
  const promoted = contents.runs.find(({ run: run2 }) => run2.id === newest.acceptedRunId);
  const apart = promoted === void 0 ? "" : `; run ${described(promoted)} is kept apart again`;
  const addition = {
    gate,
    runs: promoted === void 0 ? [] : [{ run: promoted.run, standing: "held" }],
    epochs: [undoEpoch(newest, { id: newRunId(), by: byOf(act), reason, openedAt: nowIso() })]
  };
  const words = `${gate}: the epoch that ${visible(newest.by)} opened on ${newest.openedAt.slice(0, 10)} (${visible(newest.reason)}) is taken back${apart}`;
  return [{ addition, words }];
}
function byOf({ args, invocation }) {
  return args.text("by") ?? invocation.env.USER ?? invocation.env.USERNAME ?? "unknown";
}
function described({ run: run2 }) {
  const { commit, branch } = run2.provenance;
  const where = [commit?.slice(0, 7), branch].filter((part2) => part2 !== void 0).join(", ");
  return visible(
    `${run2.id} of ${run2.startedAt.slice(0, 16).replace("T", " ")}${where === "" ? "" : ` (${where})`}`
  );
}

// src/app/cli/commands/calibrate.ts
import { resolve as resolve3 } from "node:path";

// src/app/cli/terminal.ts
import { resolve as resolve2 } from "node:path";
function keysOf(invocation) {
  return {
    candidate: invocation.env.INFERENCE_GATE_API_KEY || void 0,
    reference: invocation.env.INFERENCE_GATE_REFERENCE_API_KEY || void 0
  };
}
function provenanceHere(invocation) {
  const checkout = checkoutOf(invocation.folder, invocation.env);
  const { commit = checkout.commit, branch = checkout.branch } = provenanceOf(invocation);
  return { commit, branch };
}
function provenanceOf(invocation) {
  const commit = invocation.env.GITHUB_SHA ?? invocation.env.CI_COMMIT_SHA;
  const branch = invocation.env.GITHUB_REF_NAME ?? invocation.env.CI_COMMIT_REF_NAME;
  return {
    commit,
    branch
  };
}
function portsOfTerminal(of) {
  return gatePorts({
    store: of.store,
    keys: keysOf(of.invocation),
    policy: of.policy,
    reach: { kind: "anywhere" },
    env: of.invocation.env,
    signal: of.invocation.signal,
    screen: screenOf(of.args, of.invocation)
  });
}
function screenOf(args, invocation) {
  if (printsJson(args)) return SILENT_PROGRESS;
  return invocation.terminal ? terminalProgress(invocation.err) : logProgress(invocation.err);
}
function printsJson(args) {
  return args.text("json") === "-";
}
function reportFolderOf(args, invocation) {
  return resolve2(invocation.folder, args.text("report-dir") ?? DEFAULT_REPORT_DIR);
}
async function showReport(args, invocation, shown2) {
  const report = reportOf(shown2.jobResult);
  const paths = await writeReport(reportFolderOf(args, invocation), report, shown2.runs);
  const { document } = report;
  await writeAskedFor(args, invocation, { jobResult: shown2.jobResult, document });
  const json = args.text("json");
  if (printsJson(args)) {
    invocation.out(report.json);
    return;
  }
  if (json !== void 0) await writeText(resolve2(invocation.folder, json), report.json);
  invocation.out(text(report.document, { color: invocation.terminal, width: invocation.width }));
  invocation.out(`
report: ${paths.html}
`);
  if (paths.moved !== void 0) invocation.out(`${paths.moved}
`);
}
async function writeAskedFor(args, invocation, { jobResult, document }) {
  const comment = commentOf(document);
  const file = args.text("comment-file");
  if (file !== void 0) await writeText(resolve2(invocation.folder, file), comment);
  const asked = FILE_FORMATS.filter(({ name }) => args.texts("format").includes(name));
  const report = { jobResult, texts: reportTexts(jobResult) };
  const files = asked.flatMap(
    (format) => Object.entries(format.files).map(([name, of]) => [name, of(report, comment)])
  );
  await writeFolder(reportFolderOf(args, invocation), Object.fromEntries(files));
}

// src/app/cli/commands/calibrate.ts
var DEFAULT_TIMES = 3;
var calibrate = {
  name: "calibrate",
  summary: "Measure an endpoint against itself; choose requests and limits for it.",
  options: [
    CONFIG_OPTION,
    GATE_OPTION,
    ...STORE_OPTIONS,
    ...URL_OPTIONS,
    { name: "times", value: "N", help: `measure N runs (default ${DEFAULT_TIMES})` },
    { name: "every", value: "DURATION", help: "begin a run this often, as 10m (default: at once)" },
    { name: "record", help: "add the runs to the baseline as well" },
    { name: "write", help: "put what is chosen into the config, with comments" },
    { name: "report-dir", value: "DIR", help: "the folder the runs are kept in" }
  ],
  notes: `Prints how far the runs lie apart, what kind of endpoint that is like, what each number of requests
would find and take, and the limits it would choose. Recorded runs count beside the new ones; a
second arm of the config is measured in pairs. The budget of the config holds for all of it.`,
  run: calibrateFrom
};
async function calibrateFrom(args, invocation) {
  const times = wholeNumber(args, "times") ?? DEFAULT_TIMES;
  if (times < FEWEST_APART) {
    const why = `--times is ${times}; how far runs lie apart shows from ${FEWEST_APART} on`;
    throw new GateError("usage", why, "Correct the option.");
  }
  const everyMs = durationOf(args, "every") ?? 0;
  const config = await configOf(args, invocation);
  const provenance = { ...provenanceHere(invocation), config: await configHere(args, invocation) };
  const requests = gateRequests({
    config,
    only: chosenGate(args, config),
    provenance
  });
  const keep = await keepRuns(reportFolderOf(args, invocation));
  const gates = await withStoreOf(args, invocation, {
    config,
    act: async (store) => {
      const ports = portsOfTerminal({ args, invocation, store, policy: config.policy });
      const measured = await runAll(
        requests,
        async (request) => {
          const calibrated = await calibrateGate(request, ports, {
            times,
            everyMs,
            onRun: (run2) => keep(keptRun(request, run2))
          });
          show(request, calibrated, invocation);
          return { ...asShard(request, calibrated), request, calibrated };
        },
        async () => void 0
      );
      if (args.given("record")) {
        for (const { request, calibrated } of measured) {
          for (const run2 of calibrated.runs) {
            const added = await record(request, run2, { config, ports });
            for (const line2 of standingLines(added, store.place)) {
              screenOf(args, invocation).step(line2);
            }
          }
        }
      }
      return measured;
    }
  });
  if (args.given("write")) await write(args, invocation, gates);
  const isComplete = gates.every(({ calibrated }) => calibrated.calibration !== void 0);
  return isComplete ? EXIT.passed : EXIT.couldNotMeasure;
}
function keptRun({ gate }, run2) {
  return { gate: gate.name, runs: [run2], used: NOTHING, invalidities: run2.invalidities };
}
var NOTHING = { requests: 0, costUsd: 0, durationMs: 0 };
function asShard({ gate }, { runs, used, ended: ended3 }) {
  return { gate: gate.name, runs, used, invalidities: ended3 === void 0 ? [] : [ended3] };
}
function show({ gate }, calibrated, invocation) {
  const { calibration, ended: ended3, used, runs } = calibrated;
  const look = { width: invocation.width };
  if (ended3 !== void 0) {
    const { fact, remedy } = invalidityWords(ended3, "command-line");
    invocation.err(`${gate.name}: it ended after ${runs.length} runs. ${fact} ${remedy}
`);
  }
  if (calibration === void 0) {
    invocation.err(
      `${gate.name}: fewer than ${FEWEST_APART} runs are known, so nothing is chosen
`
    );
    return;
  }
  const shown2 = { gate, calibration, spentUsd: used.costUsd, requests: used.requests };
  invocation.out(calibrationText(shown2, look));
}
function record(request, run2, { config, ports }) {
  return recordGates({
    config,
    requests: [request],
    ports,
    opening: void 0,
    saved: /* @__PURE__ */ new Map([[request.gate.name, run2]]),
    keep: async () => void 0
  });
}
async function write(args, invocation, gates) {
  const file = await configFileOf(args, invocation);
  const read2 = filesOf(invocation.folder);
  let text3 = await read2(file) ?? "";
  for (const { request, calibrated } of gates) {
    const { calibration } = calibrated;
    if (calibration === void 0) continue;
    const { gate } = request;
    const next2 = writeCalibrated(text3, gate, { calibration, dayIso: nowIso() });
    if (next2 === void 0) {
      throw new GateError(
        "config",
        `${file}: gate ${gate.name} shares a block with others by an alias, which is not changed for one of them`,
        "Put what is chosen into the file by hand."
      );
    }
    text3 = next2;
  }
  await readConfig({
    entrypoint: "command-line",
    file,
    read: async (path) => path === file ? text3 : read2(path),
    env: invocation.env,
    overrides: {},
    unsetEnv: "blank"
  });
  await writeText(resolve3(invocation.folder, file), text3);
  invocation.out(`wrote ${file}
`);
}

// src/app/compare-runs.ts
function compareRuns({ candidates, others, config }) {
  const merged = [...mergedByGate(candidates).values()];
  const gateRuns = merged.map((run2) => {
    const named = config?.gates.find(({ name }) => name === run2.gate);
    const gate = named ?? { name: run2.gate, limits: limitsFor(run2) };
    return judgeSaved(run2, { gate }, historyFrom(others, run2));
  });
  const policy = config?.policy ?? defaultPolicy();
  const results = gateRuns.map(({ result }) => result);
  return {
    jobResult: jobResultOf(results, contextHere("gate", policy, commitOf(merged))),
    gateRuns,
    exitCode: exitCodeOfVerdicts(
      results.map(({ verdict }) => verdict),
      policy
    )
  };
}
function contextHere(mode, policy, { commit, config }) {
  return {
    tool: TOOL,
    mode,
    entrypoint: "command-line",
    headCommit: commit,
    config,
    limitsFrom: "file",
    proposedChanges: [],
    acceptLabel: policy.acceptLabel,
    blocking: blockingOf(policy)
  };
}
function commitOf(runs) {
  const commits = new Set(runs.map(({ provenance }) => provenance.commit));
  const [commit] = commits;
  return commits.size === 1 && commit !== void 0 ? { commit } : {};
}
function limitsFor(run2) {
  const { records, costUnknown } = run2;
  return defaultLimits({
    waits: waitFamilyOf(run2),
    samples: records.length,
    prices: costUnknown === void 0 ? {} : void 0,
    expecting: records.filter(({ validity }) => validity !== void 0).length
  });
}
function historyFrom(others, candidate) {
  const runs = others.filter(({ gate }) => gate === candidate.gate).sort((a, b) => a.startedAt < b.startedAt ? -1 : 1).map((run2) => ({ run: run2, standing: "accepted" }));
  const place = runs.length === 1 ? "a run file" : `${runs.length} run files`;
  const { loadShape, loadShapeHash, ttftDefinition, startedAt } = candidate;
  return chooseBaseline(
    { runs, epochs: [], unreadable: [], place },
    {
      loadShape,
      loadShapeHash,
      ttftDefinition,
      nowIso: startedAt,
      maxAgeMs: Number.POSITIVE_INFINITY,
      keep: Number.POSITIVE_INFINITY
    }
  );
}

// src/app/cli/side-by-side.ts
import { join as join3 } from "node:path";
var FEWEST_ROWS = 2;
async function showSideBySide({ rows, measured }, args, invocation) {
  const document = sideBySide(rows, measured);
  const folder = reportFolderOf(args, invocation);
  await writeFolder(folder, { "side-by-side.html": html(document) });
  invocation.out(text(document, { color: invocation.terminal, width: invocation.width }));
  invocation.out(`
report: ${join3(folder, "side-by-side.html")}
`);
}
function namedApart(runs) {
  const models = runs.map(({ subject, gate }) => subject.model ?? gate);
  const full = runs.map(({ subject }, index) => {
    const host = (subject.url ?? "").replace(/^https?:\/\//, "").replace(/\/.*$/, "");
    return `${models[index]} ${host}`.trim();
  });
  const numbered = full.map((name, index) => `${index + 1}. ${name}`);
  const names = [models, full].find((each) => new Set(each).size === runs.length) ?? numbered;
  return runs.map((run2, index) => ({ name: names[index] ?? run2.gate, summary: summarize(run2, []) }));
}

// src/app/cli/commands/compare.ts
var compare = {
  name: "compare",
  summary: "Judge saved runs against other saved runs; nothing is sent.",
  operands: "RUN.json…",
  options: [
    {
      name: "with",
      value: "RUN.json…",
      several: true,
      help: "the runs to compare with (required)"
    },
    { name: "table", help: "put the runs beside each other instead, to choose an endpoint" },
    { ...CONFIG_OPTION, help: "limits and policy (default: the documented default limits)" },
    ...REPORT_OPTIONS
  ],
  notes: `Run files are runs/<gate>.json of report folders. Several files of one gate before --with are
taken for shards of one run; after it each is a run of the history. With --table every file is a row,
nothing is judged, and side-by-side.html is written into the report folder.`,
  run: (args, invocation) => args.given("table") ? putSideBySide(args, invocation) : compareSaved(args, invocation)
};
async function putSideBySide(args, invocation) {
  const paths = [...args.operands, ...args.texts("with")];
  const runs = await readRuns(paths, invocation.folder);
  if (runs.length < FEWEST_ROWS) {
    throw new GateError(
      "usage",
      `inference-gate compare --table has ${runs.length} run; it needs ${FEWEST_ROWS} or more`,
      "As in: inference-gate compare --table a/runs/chat.json b/runs/chat.json"
    );
  }
  await showSideBySide({ rows: namedApart(runs), measured: "apart" }, args, invocation);
  return EXIT.passed;
}
async function compareSaved(args, invocation) {
  if (args.operands.length === 0 || !args.given("with")) {
    throw new GateError(
      "usage",
      "inference-gate compare needs run files on both sides of --with",
      "As in: inference-gate compare new/runs/chat.json --with old1.json old2.json"
    );
  }
  const config = args.given("config") ? await configOf(args, invocation) : void 0;
  const candidates = await readRuns(args.operands, invocation.folder);
  const others = await readRuns(args.texts("with"), invocation.folder);
  const { jobResult, gateRuns, exitCode } = compareRuns({ candidates, others, config });
  await showReport(args, invocation, { jobResult, runs: runFiles(gateRuns) });
  return exitCode;
}

// src/app/cli/commands/demo.ts
import { rm as rm2 } from "node:fs/promises";
import { join as join4, relative, resolve as resolve4 } from "node:path";

// src/app/cli/demo-config.ts
function demoConfig({ url, body }) {
  return `# The endpoint of the demonstration: simulated, on this machine, without a key.
gates:
  chat:
    endpoint:
      url: ${url}
      model: simulated-chat
${body === void 0 ? "" : `      body: ${body}
`}    workload:
      requests: 280
      concurrency: 8
      max_output_tokens: 12
      # Client and endpoint share this machine here, and other programs may keep it busy.
      max_client_delay: 150ms
    limits:
      ttft_p50: {increase: 10%, must_detect: 20%}
      ttft_p95: {increase: 15%, must_detect: 40%}
    prices: {input: $0.60/M, output: $2.40/M}
budget: {cost: $2.00, requests: 4000}
# A simulated endpoint has no bad minute: its fails need no second measurement.
confirm: none
`;
}

// src/app/cli/demo-endpoint.ts
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
var PATIENCE_MS2 = 3e3;
async function startDemoEndpoint(script, seed) {
  const options = ["--port", "0", "--seed", String(seed), "--json", "--until-input-ends"];
  const child = spawn(process.execPath, [script, "simulate", ...options], {
    stdio: ["pipe", "pipe", "inherit"]
  });
  child.on("error", () => child.stdout.destroy());
  child.stdin.on("error", () => void 0);
  const [line2] = await firstLines(child);
  if (line2 === void 0) {
    await ended(child);
    throw new GateError(
      "measurement",
      "the simulator did not start",
      "Try inference-gate simulate by itself to see why."
    );
  }
  const { url } = JSON.parse(line2);
  const root = url.replace(/\/v1$/, "");
  return {
    url,
    slowUrl: `${root}/slow/v1`,
    nextRun: async (run2) => {
      for (const version of ["main", "slow"]) await control(root, { version, run: run2 });
    },
    stop: () => ended(child)
  };
}
async function firstLines(child) {
  for await (const line2 of createInterface({ input: child.stdout })) return [line2];
  return [];
}
async function ended(child) {
  const isOver = child.exitCode !== null || child.signalCode !== null || child.pid === void 0;
  if (!isOver) {
    const exit = once(child, "exit");
    const impatient = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS2);
    child.kill();
    await exit;
    clearTimeout(impatient);
  }
  child.stdin?.destroy();
  child.stdout?.destroy();
}
async function control(root, change) {
  const response2 = await fetch(`${root}/__control`, {
    method: "POST",
    body: JSON.stringify(change)
  });
  await response2.arrayBuffer();
  if (!response2.ok) throw new Error(`the simulator refused ${JSON.stringify(change)}`);
}

// src/app/cli/commands/demo.ts
var DEFAULT_RUNS = 10;
var FEWEST_RUNS = 2;
var DEFAULT_SEED = 11;
var demo = {
  name: "demo",
  summary: "See it work on a simulated endpoint: no key, no network, under a minute.",
  options: [
    { name: "seed", value: "N", help: `of the simulated endpoint (default ${DEFAULT_SEED})` },
    { name: "runs", value: "N", help: `recorded as the baseline (default ${DEFAULT_RUNS})` },
    {
      name: "report-dir",
      value: "DIR",
      help: `the folder for the reports (default ${DEFAULT_REPORT_DIR})`
    }
  ],
  run: async (args, invocation) => {
    const folder = resolve4(invocation.folder, args.text("report-dir") ?? DEFAULT_REPORT_DIR);
    const seed = wholeNumber(args, "seed") ?? DEFAULT_SEED;
    const runs = wholeNumber(args, "runs") ?? DEFAULT_RUNS;
    if (runs < FEWEST_RUNS) {
      throw new GateError(
        "usage",
        `--runs is ${runs}; a baseline has at least ${FEWEST_RUNS}`,
        "Correct the option."
      );
    }
    const endpoint = await startDemoEndpoint(invocation.script, seed);
    try {
      await showAll({ invocation, folder, endpoint, runs });
    } finally {
      await endpoint.stop();
    }
    return EXIT.passed;
  }
};
async function showAll(demonstration) {
  const { invocation, folder, endpoint, runs } = demonstration;
  await rm2(join4(folder, "baseline"), { recursive: true, force: true });
  const base = await configFor(demonstration, { name: "main", url: endpoint.url });
  invocation.out(`Recording ${runs} runs of a simulated endpoint at ${endpoint.url}
`);
  await recordHistory(demonstration, base);
  invocation.out(
    "\nFirst pull request: it sets temperature to 0.2 in the config. The endpoint is as fast as before.\n\n"
  );
  const harmless = await configFor(demonstration, {
    name: "harmless",
    url: endpoint.url,
    body: "{temperature: 0.2}"
  });
  await gateChange(demonstration, {
    base,
    head: harmless,
    run: runs + 1,
    into: join4(folder, "harmless")
  });
  invocation.out(
    "\nSecond pull request: it moves to another deployment of the model (/slow/v1), which is slower.\n\n"
  );
  const regressed = await configFor(demonstration, { name: "regressed", url: endpoint.slowUrl });
  await gateChange(demonstration, { base, head: regressed, run: runs + 2, into: folder });
  invocation.out(`
Your own endpoint: inference-gate init --url URL --model NAME
`);
}
async function configFor({ invocation, folder }, { name, ...change }) {
  const file = join4(folder, `${name}.yml`);
  await writeText(file, demoConfig(change));
  const request = { file, read: filesOf(folder), env: invocation.env, overrides: {} };
  return (await readConfig(request)).config;
}
function portsFor({ invocation, folder }, config, progress) {
  const screen = progress === "silent" ? SILENT_PROGRESS : (invocation.terminal ? terminalProgress : logProgress)(invocation.out);
  return gatePorts({
    store: folderStore(join4(folder, "baseline")),
    keys: { candidate: void 0, reference: void 0 },
    policy: config.policy,
    reach: { kind: "anywhere" },
    env: invocation.env,
    signal: invocation.signal,
    screen
  });
}
async function recordHistory(demonstration, config) {
  const { invocation, endpoint } = demonstration;
  const ports = portsFor(demonstration, config, "silent");
  for (let run2 = 1; run2 <= demonstration.runs; run2++) {
    await endpoint.nextRun(run2);
    const requests = gateRequests({ config });
    const [recorded] = await recordGates({
      config,
      requests,
      ports,
      opening: void 0,
      keep: async () => void 0
    });
    refuseStopped(invocation);
    const p50 = recorded?.result.metrics.find(({ id }) => id === "ttft_p50")?.candidate;
    const stands = recorded?.standing.kind === "accepted" ? "recorded" : recorded?.standing.kind;
    invocation.out(
      `  run ${run2}: TTFT p50 ${p50 === void 0 ? "–" : milliseconds(p50)}, ${stands}
`
    );
  }
}
function refuseStopped({ signal }) {
  if (!signal.aborted) return;
  throw new GateError("measurement", "the demonstration was stopped", "Start it again.");
}
function onOneScreen(document) {
  const sections = document.sections.map((section) => ({ ...section, details: [] }));
  return { ...document, sections, details: [] };
}
function shownFrom(invocation, folder) {
  const beside = relative(invocation.folder, folder) || ".";
  return beside.startsWith("..") ? folder : beside;
}
async function gateChange(demonstration, change) {
  const { invocation, endpoint } = demonstration;
  const { base, head: head3, run: run2, into } = change;
  await endpoint.nextRun(run2);
  const ports = portsFor(demonstration, head3, "shown");
  const requests = gateRequests({ config: head3, base });
  const gateRuns = await runAll(
    requests,
    (request) => runGate(request, ports),
    await keepRuns(into)
  );
  refuseStopped(invocation);
  const results = gateRuns.map(({ result }) => result);
  const context = { ...contextHere("gate", head3.policy, {}), entrypoint: "action" };
  const report = reportOf(jobResultOf(results, context));
  await writeReport(into, report, runFiles(gateRuns));
  const page = join4(shownFrom(invocation, into), "report.html");
  invocation.out(
    `
${text(onOneScreen(report.document), { color: invocation.terminal, width: invocation.width })}`
  );
  invocation.out(
    `  All of it, with charts: ${page}
  As the comment on the pull request: ${join4(shownFrom(invocation, into), "comment.md")}
`
  );
}

// src/app/cli/commands/history.ts
import { resolve as resolve5 } from "node:path";
var history = {
  name: "history",
  summary: "Show the recorded runs of each gate.",
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    { name: "html", value: "FILE", help: "write them as one page with charts, and print nothing" },
    {
      name: "badge",
      value: "FILE",
      help: "write the JSON of a badge (shields.io) of the first gate"
    },
    {
      name: "with",
      value: "RUN.json…",
      several: true,
      help: "runs of pull requests to draw beside the stored ones"
    },
    { name: "title", value: "TEXT", help: "the page's title (default: Inference history)" }
  ],
  notes: `The page needs no network and no other file. docs/baselines.md shows how a job publishes it.`,
  run: async (args, invocation) => {
    const gates = await gatesOf2(args, invocation);
    for (const { contents } of gates) {
      for (const { path, problem } of contents.unreadable) {
        invocation.err(`warning: ${path} was left out: ${problem}
`);
      }
    }
    const html2 = args.text("html");
    const badge = args.text("badge");
    if (html2 === void 0 && badge === void 0) {
      for (const gate of gates) invocation.out(shown(gate, invocation));
      return EXIT.passed;
    }
    const title = args.text("title") ?? "Inference history";
    const files = historyFiles(gates, { title, madeAt: nowIso() });
    if (html2 !== void 0) await write2(html2, files.page, invocation);
    if (badge !== void 0) await write2(badge, files.badge, invocation);
    return EXIT.passed;
  }
};
async function gatesOf2(args, invocation) {
  const config = await configOf(args, invocation);
  const only = chosenGate(args, config);
  const changes = args.given("with") ? await readRuns(args.texts("with"), invocation.folder) : [];
  const path = await configHere(args, invocation);
  const gates = [];
  await withStoreOf(args, invocation, {
    config,
    act: async (store) => {
      for (const { name, limits } of config.gates) {
        if (only !== void 0 && name !== only) continue;
        gates.push({ name, config: path, limits, contents: await store.read(name), changes });
      }
    }
  });
  return gates;
}
function shown(gate, invocation) {
  const { limits, contents } = gate;
  const summaries = contents.runs.map(({ run: run2 }) => summarize(run2, limits));
  const look = { width: invocation.width, color: invocation.terminal };
  return `${nameOf(gate)}, from ${contents.place}
${renderHistory(historyTable(contents, summaries), look)}`;
}
async function write2(path, text3, invocation) {
  await writeText(resolve5(invocation.folder, path), text3);
  invocation.out(`wrote ${path}
`);
}

// src/app/cli/commands/import.ts
import { resolve as resolve7 } from "node:path";

// src/wire/imports/failure-words.ts
var REASON_PHRASES = {
  "bad request": 400,
  unauthorized: 401,
  "payment required": 402,
  forbidden: 403,
  "not found": 404,
  "method not allowed": 405,
  "request timeout": 408,
  "content too large": 413,
  "unprocessable entity": 422,
  "unprocessable content": 422,
  "too many requests": 429,
  "internal server error": 500,
  "bad gateway": 502,
  "service unavailable": 503,
  "gateway timeout": 504
};
var WORDS = [
  [/connect\w*[ _]?time|timed? ?out\w* while connecting/i, "timeout-connect"],
  [/timed? ?out|timeout/i, "timeout-total"],
  [/getaddrinfo|name or service not known|name resolution|\bdns\b/i, "dns"],
  [/certificate|\bssl\b|\btls\b|SSLError/i, "tls"],
  [/cannot connect|connection refused|connect call failed|ConnectError|ConnectorError/i, "connect"],
  [/unusable_backend_response|empty response|never received a valid chunk/i, "empty"],
  [
    /incomplete|peer closed|disconnected|connection reset|PayloadError|TransferEncoding|interrupted/i,
    "truncated"
  ],
  [/JSONDecode|invalid json|expecting value|KeyError|IndexError|ValidationError/i, "malformed"],
  [/content[ _-]?filter/i, "content-filter"],
  [/cancel/i, "aborted"]
];
var READ_AT_EACH_END = 2e3;
function failureOf(words, status) {
  const text3 = ends(words);
  const code = status ?? statusIn(text3);
  const exception = exceptionIn(text3);
  const detail = exception === void 0 ? {} : { detail: exception };
  if (code !== void 0 && Number.isInteger(code) && code >= 400 && code <= 599) {
    return { outcome: outcomeOfStatus(code), status: code, ...detail };
  }
  const outcome = WORDS.find(([pattern]) => pattern.test(text3))?.[1] ?? "stream-error";
  return { outcome, ...detail };
}
function outcomeOfStatus(status) {
  if (status === 429) return "rate-limited";
  return status < 500 ? "http-4xx" : "http-5xx";
}
function ends(words) {
  if (words.length <= 2 * READ_AT_EACH_END) return words;
  return `${words.slice(0, READ_AT_EACH_END)}
${words.slice(-READ_AT_EACH_END)}`;
}
function statusIn(text3) {
  const phrase = /^\s*([a-z -]{5,30}?)\s*(?::|$)/i.exec(text3)?.[1]?.toLowerCase() ?? "";
  if (Object.hasOwn(REASON_PHRASES, phrase)) return REASON_PHRASES[phrase];
  const named = /\b(?:http(?: error)?|status(?:[ _]code)?|error code|client error|server error)\b[^0-9\n]{0,12}([45]\d\d)\b/i;
  const code = named.exec(text3)?.[1];
  return code === void 0 ? void 0 : Number(code);
}
function exceptionIn(text3) {
  return [...text3.matchAll(/\b[A-Z][A-Za-z]{2,40}(?:Error|Exception|Timeout)\b/g)].at(-1)?.[0];
}

// src/wire/imports/foreign-load.ts
var NOT_SAID = "not said by the file";
function closedLoad(concurrency) {
  return `closed, ${concurrency} in flight`;
}
function openLoad(ratePerSecond, process2) {
  return `open, ${ratePerSecond} per second, ${process2}`;
}
function roughly(counts2) {
  const known2 = counts2.filter((count) => count !== void 0).sort((a, b) => a - b);
  const middle = known2[known2.length - 1 >> 1];
  return middle === void 0 ? void 0 : `about ${Number(middle.toPrecision(2))}`;
}
function safeUrl(value) {
  const text3 = Array.isArray(value) ? value[0] : value;
  if (typeof text3 !== "string" || text3.length > 2e3 || !URL.canParse(text3)) return void 0;
  const { protocol, host, pathname } = new URL(text3);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}
var LONGEST_TEXT = 200;
function wordOf(value) {
  if (typeof value === "string") return value === "" ? void 0 : value.slice(0, LONGEST_TEXT);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : void 0;
}
function memberAt(value, ...path) {
  return path.reduce(
    (inner, name) => isObject(inner) && Object.hasOwn(inner, name) ? inner[name] : void 0,
    value
  );
}
function members(given) {
  const known2 = Object.entries(given).flatMap(
    ([name, text3]) => text3 === void 0 ? [] : [[name, text3]]
  );
  return Object.fromEntries(known2.sort(([a], [b]) => a < b ? -1 : 1));
}
function minorVersion(version) {
  return /^\d{1,6}\.\d{1,6}/.exec(version ?? "")?.[0] ?? "";
}

// src/wire/imports/foreign-request.ts
function recordsOf(requests) {
  return requests.map(recordOf);
}
function recordOf(request, index) {
  const { startedMs, gapsMs = [], ttftMs } = request;
  const at = (ms) => ms === void 0 ? void 0 : startedMs + ms;
  const lastTokenMs2 = request.lastTokenMs ?? ttftMs;
  const latencyMs = Math.max(request.latencyMs ?? 0, lastTokenMs2 ?? 0);
  return {
    index,
    arm: "candidate",
    kind: "answer",
    prompt: "imported",
    promptClass: "imported",
    startedMs,
    sentMs: startedMs,
    endMs: startedMs + latencyMs,
    gapsMs,
    tokenEvents: ttftMs === void 0 ? 0 : gapsMs.length + 1,
    tokenReads: ttftMs === void 0 ? 0 : gapsMs.length + 1,
    outcome: request.outcome,
    outputCharacters: request.outputCharacters ?? 0,
    freshConnection: request.freshConnection ?? false,
    maxOutputTokens: Math.round(request.maxOutputTokens ?? 0),
    ...present({
      intendedMs: request.intendedMs,
      firstTokenMs: at(ttftMs),
      firstOutputTokenMs: at(request.firstOutputTokenMs),
      lastTokenMs: at(lastTokenMs2),
      finish: request.finish,
      status: request.status,
      detail: request.detail,
      usage: request.usage,
      inputCharacters: request.inputCharacters
    })
  };
}
function usageOf(counts2) {
  const { source, input, output: output2, cached = 0, reasoning = 0 } = counts2;
  if (input === void 0 || output2 === void 0) return void 0;
  return {
    source,
    inputTokens: input,
    cachedInputTokens: Math.min(cached, input),
    outputTokens: output2,
    reasoningTokens: Math.min(reasoning, output2)
  };
}

// src/wire/imports/aiperf.ts
var aiperf = {
  name: "aiperf",
  title: "AIPerf",
  perRequest: "Run `aiperf profile` with --export-level records, and give profile_export.jsonl of its artifact folder.",
  recognise,
  besides: (fileName) => fileName.endsWith(".jsonl") ? [fileName.replace(/\.jsonl$/, "_aiperf.json")] : [],
  read: (input) => [runOf(input)]
};
var TTFT = {
  id: "aiperf-first-token-of-any-kind/1",
  words: "from the request handed to the client, connecting included, to the first token of any kind (AIPerf; monotonic clock)"
};
function recognise(document) {
  if (!isObject(document)) return void 0;
  const metadata = objectAt(document, "metadata");
  if (metadata !== void 0 && "request_start_ns" in metadata) return "requests";
  const isSummary = "aiperf_version" in document || memberAt(document, "request_latency", "unit") !== void 0 && memberAt(document, "request_count", "unit") !== void 0;
  return isSummary ? "aggregates" : void 0;
}
function runOf({ documents, besides }) {
  const [summary] = besides.values();
  const lines = documents.map((document, number) => lineOf(document, `line ${number + 1}`));
  const measured = lines.filter(({ phase }) => phase !== "warmup").sort((a, b) => a.startNs < b.startNs ? -1 : 1);
  const firstNs = measured[0]?.startNs ?? 0n;
  const requests = measured.map((line2) => requestOf(line2, firstNs));
  const records = recordsOf(requests);
  const version = wordOf(memberAt(summary, "aiperf_version"));
  const seed = memberAt(summary, "run_info", "random_seed");
  return {
    engine: `AIPerf ${minorVersion(version)}`.trim(),
    tool: version === void 0 ? "aiperf" : `aiperf/${version}`,
    ttft: TTFT,
    ...measured.length === 0 ? {} : { startedAt: isoOf(firstNs) },
    ...typeof seed === "number" ? { seed } : {},
    load: loadOf(summary),
    shape: shapeOf(summary, requests),
    subject: members({
      model: modelOf(summary),
      url: safeUrl(memberAt(summary, "input_config", "endpoint", "urls")),
      streaming: wordOf(memberAt(summary, "input_config", "endpoint", "streaming"))
    }),
    records,
    warmupRequests: lines.length - measured.length,
    durationMs: records.reduce((last, { endMs }) => Math.max(last, endMs), 0),
    unknowns: unknownsOf(requests)
  };
}
function lineOf(document, place) {
  const line2 = asObject(document, place);
  const metadata = asObject(line2.metadata, `${place}: metadata`);
  const startNs = nanosecondsOf(metadata.request_start_ns, `${place}: metadata.request_start_ns`);
  return {
    place,
    startNs,
    endNs: metadata.request_end_ns === void 0 || metadata.request_end_ns === null ? startNs : nanosecondsOf(metadata.request_end_ns, `${place}: metadata.request_end_ns`),
    phase: textAt(metadata, "benchmark_phase"),
    wasCancelled: metadata.was_cancelled === true,
    metrics: line2.metrics,
    error: line2.error
  };
}
function nanosecondsOf(value, place) {
  if (typeof value === "string" && /^\d{1,19}$/.test(value)) return BigInt(value);
  return BigInt(Math.round(asNumber(value, place)));
}
var NS_PER_MS = 1e6;
function isoOf(ns) {
  const ms = Number(ns / BigInt(NS_PER_MS));
  const time = new Date(ms);
  if (Number.isNaN(time.getTime()) || ms > 253402300799999) {
    throw new ForeignData(`line 1: metadata.request_start_ns is no time since 1970`);
  }
  return time.toISOString();
}
function requestOf(line2, firstNs) {
  const { metrics, place } = line2;
  const ttftMs = msOf(metrics, "time_to_first_token", place);
  const latencyMs = msOf(metrics, "request_latency", place) ?? Number(line2.endNs - line2.startNs) / NS_PER_MS;
  const gapsMs = gapsOf(metrics, place);
  const ending = endingOf(line2);
  const isCompleted = ending.outcome === "completed";
  return {
    startedMs: Number(line2.startNs - firstNs) / NS_PER_MS,
    ttftMs,
    firstOutputTokenMs: msOf(metrics, "time_to_first_output_token", place),
    lastTokenMs: lastTokenMs(ttftMs, gapsMs, latencyMs),
    latencyMs,
    gapsMs,
    ...ending,
    freshConnection: memberAt(metrics, "http_req_connection_reused", "value") === 0,
    usage: isCompleted ? countsOf(metrics) : void 0
  };
}
function lastTokenMs(ttftMs, gapsMs, latencyMs) {
  if (ttftMs === void 0) return void 0;
  return gapsMs.length === 0 ? latencyMs : gapsMs.reduce((sum, gap) => sum + gap, ttftMs);
}
var MS_IN = { ns: 1e-6, us: 1e-3, ms: 1, s: 1e3, sec: 1e3 };
function msOf(metrics, name, place) {
  const value = memberAt(metrics, name, "value");
  if (typeof value !== "number" || !Number.isFinite(value)) return void 0;
  return value * scaleOf(metrics, name, place);
}
function scaleOf(metrics, name, place) {
  const unit = memberAt(metrics, name, "unit");
  const scale = typeof unit === "string" ? MS_IN[unit] : void 0;
  if (scale !== void 0) return scale;
  throw new ForeignData(
    `${place}: metrics.${name}.unit is ${JSON.stringify(unit)?.slice(0, 40)}, not one of ${Object.keys(MS_IN).join(", ")}`
  );
}
function gapsOf(metrics, place) {
  const value = memberAt(metrics, "inter_chunk_latency", "value");
  if (!Array.isArray(value)) return [];
  const scale = scaleOf(metrics, "inter_chunk_latency", place);
  return asArray(value, place).map(
    (gap) => scale * asNumber(gap, `${place}: metrics.inter_chunk_latency.value`)
  );
}
function countsOf(metrics) {
  const count = (name) => countAt(memberAt(metrics, name), "value");
  const input = count("usage_prompt_tokens");
  const output2 = count("usage_completion_tokens");
  const isServers = input !== void 0 && output2 !== void 0;
  return usageOf({
    source: isServers ? "server" : "estimated",
    input: isServers ? input : count("input_sequence_length"),
    output: isServers ? output2 : count("output_sequence_length"),
    cached: count("usage_prompt_cache_read_tokens"),
    reasoning: count("usage_reasoning_tokens") ?? count("reasoning_token_count")
  });
}
function endingOf({ error, wasCancelled }) {
  if (wasCancelled || memberAt(error, "code") === 499) return { outcome: "aborted" };
  if (error === void 0 || error === null) return { outcome: "completed" };
  const code = countAt(error, "code");
  const type = textAt(error, "type") ?? "";
  if (type.includes("InvalidInferenceResult"))
    return { outcome: "empty", detail: type.slice(0, 60) };
  return failureOf(`${textAt(error, "message") ?? ""}
${type}`, code);
}
function modelOf(summary) {
  const config = memberAt(summary, "input_config");
  const items = memberAt(config, "models", "items");
  const names = memberAt(config, "endpoint", "model_names");
  const first = Array.isArray(items) ? memberAt(items[0], "name") : void 0;
  return wordOf(first) ?? (Array.isArray(names) ? wordOf(names[0]) : void 0);
}
function loadOf(summary) {
  const phases = memberAt(summary, "input_config", "phases");
  const phase = Array.isArray(phases) ? phases.find((one) => memberAt(one, "kind") !== "warmup") : memberAt(summary, "input_config", "loadgen");
  const rate = countAt(phase, "rate") ?? countAt(phase, "request_rate");
  const concurrency = countAt(phase, "concurrency");
  if (rate !== void 0) {
    const process2 = textAt(phase, "arrival_pattern") ?? textAt(phase, "type") ?? "unknown process";
    const most = concurrency === void 0 ? "" : `, at most ${concurrency} in flight`;
    return `${openLoad(rate, process2)}${most}`;
  }
  return concurrency === void 0 ? NOT_SAID : closedLoad(concurrency);
}
function shapeOf(summary, requests) {
  return members({
    api: wordOf(memberAt(summary, "input_config", "endpoint", "type")),
    "input tokens": roughly(requests.map(({ usage }) => usage?.inputTokens))
  });
}
function unknownsOf(requests) {
  const completed = requests.filter(({ outcome }) => outcome === "completed");
  const lacks = (has) => completed.length > 0 && !completed.some(has);
  const streams = "a first token: the answers were not streamed";
  return [
    ...lacks(({ ttftMs }) => ttftMs !== void 0) ? ["ttft", "ttfot", "tpot"].map((family) => ({ family, what: streams })) : lacks(({ firstOutputTokenMs }) => firstOutputTokenMs !== void 0) ? [{ family: "ttfot", what: "which tokens are reasoning" }] : [],
    ...lacks(({ gapsMs = [] }) => gapsMs.length > 0) ? [{ family: "itl", what: "the gaps between tokens" }] : [],
    ...lacks(({ usage }) => usage !== void 0) ? ["tpot", "output_tokens", "output_tokens_per_second"].map((family) => ({
      family,
      what: "how many tokens were used"
    })) : []
  ];
}

// src/wire/imports/guidellm.ts
var guidellm = {
  name: "guidellm",
  title: "GuideLLM",
  perRequest: "Write a JSON report (--output kind=json,path=benchmarks.json), without a sample size of 0.",
  recognise: recognise2,
  besides: () => [],
  read: ({ documents: [document] }) => runsOf(asObject(document, "the file"))
};
var TTFT2 = {
  id: "guidellm-first-token-of-any-kind/1",
  words: "from the request handed to the client, connecting included, to the first line with a token of any kind (GuideLLM; wall clock, which may be stepped)"
};
function recognise2(document) {
  if (!isObject(document) || !Array.isArray(document.benchmarks)) return void 0;
  const version = memberAt(document, "metadata", "guidellm_version");
  const [first] = document.benchmarks;
  const hasRequests = isObject(memberAt(first, "requests"));
  if (version === void 0 && !hasRequests) return void 0;
  return hasRequests && listed(first).length > 0 ? "requests" : "aggregates";
}
var GROUPS = ["successful", "errored", "incomplete"];
function listed(benchmark) {
  return GROUPS.flatMap((group) => listAt(memberAt(benchmark, "requests"), group));
}
function runsOf(file) {
  const benchmarks = asArray(file.benchmarks, "benchmarks");
  if (benchmarks.length === 0) throw new ForeignData("benchmarks is an empty list");
  return benchmarks.map(
    (benchmark, number) => runOf2(file, asObject(benchmark, `benchmarks[${number}]`), `benchmarks[${number}]`)
  );
}
function runOf2(file, benchmark, place) {
  const found = foundIn(benchmark, place);
  const starts = found.flatMap(({ stats }) => startS(stats) ?? []);
  const firstS = starts.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const strategy = strategyOf(benchmark);
  const requests = found.map((one) => requestOf2(one, firstS, isOpen(strategy))).sort((a, b) => a.startedMs - b.startedMs);
  const version = wordOf(memberAt(file, "metadata", "guidellm_version"));
  const durationS = countAt(benchmark, "duration");
  const startedAt = Number.isFinite(firstS) ? isoOf2(firstS, place) : void 0;
  return {
    engine: `GuideLLM ${minorVersion(version)}`.trim(),
    tool: version === void 0 ? "guidellm" : `guidellm/${version}`,
    ttft: TTFT2,
    startedAt,
    load: loadOf2(strategy),
    shape: members({
      api: wordOf(setting(file, "request_format")) ?? wordOf(setting(file, "request_type")),
      "input tokens": roughly(requests.map(({ usage }) => usage?.inputTokens)),
      "output tokens asked": roughly(requests.map(({ maxOutputTokens }) => maxOutputTokens))
    }),
    subject: members({
      model: wordOf(setting(file, "model")),
      url: safeUrl(setting(file, "target")),
      backend: wordOf(setting(file, "kind")) ?? wordOf(setting(file, "backend"))
    }),
    records: recordsOf(requests),
    warmupRequests: 0,
    durationMs: durationS === void 0 ? void 0 : 1e3 * durationS,
    unknowns: unknownsOf2(benchmark, found, requests)
  };
}
function foundIn(benchmark, place) {
  const groups = asObject(benchmark.requests, `${place}.requests`);
  return GROUPS.flatMap(
    (group) => asArray(groups[group] ?? [], `${place}.requests.${group}`).map((stats, number) => ({
      group,
      stats: asObject(stats, `${place}.requests.${group}[${number}]`)
    }))
  );
}
function setting(file, name) {
  const places = [["config", "spec", "backend"], ["config", "backend"], ["config"], ["args"]];
  return places.map((path) => memberAt(file, ...path, name)).find((value) => typeof value === "string");
}
function strategyOf(benchmark) {
  return objectAt(objectAt(benchmark, "config"), "strategy") ?? objectAt(objectAt(benchmark, "args"), "strategy") ?? {};
}
function isOpen(strategy) {
  return countAt(strategy, "rate") !== void 0;
}
function loadOf2(strategy) {
  const type = textAt(strategy, "type_");
  const rate = countAt(strategy, "rate");
  const streams = countAt(strategy, "streams");
  if (rate !== void 0) return openLoad(rate, type === "constant" ? "constant" : type ?? "?");
  if (streams !== void 0) return closedLoad(streams);
  if (type === "synchronous") return closedLoad(1);
  const most = countAt(strategy, "max_concurrency");
  if (type === void 0) return NOT_SAID;
  return most === void 0 ? `${type}, as many as it takes` : `${type}, at most ${most} in flight`;
}
function startS(stats) {
  return countAt(stats, "request_start_time") ?? countAt(stats, "start_time") ?? countAt(timingsOf(stats), "request_start") ?? countAt(timingsOf(stats), "resolve_start");
}
function timingsOf(stats) {
  return objectAt(objectAt(stats, "info"), "timings");
}
function requestOf2({ group, stats }, firstS, open2) {
  const timings = timingsOf(stats);
  const start = startS(stats) ?? firstS;
  const since = (at) => at === void 0 || at < start ? void 0 : 1e3 * (at - start);
  const intended = open2 ? countAt(timings, "targeted_start") : void 0;
  const end = countAt(stats, "request_end_time") ?? countAt(stats, "end_time") ?? countAt(timings, "request_end") ?? countAt(timings, "resolve_end");
  const ttftMs = countAt(stats, "time_to_first_token_ms");
  const ending = endingOf2(group, stats);
  return {
    startedMs: 1e3 * (start - firstS),
    intendedMs: intended === void 0 ? void 0 : 1e3 * (intended - firstS),
    ttftMs,
    firstOutputTokenMs: countAt(stats, "time_to_first_output_token_ms"),
    lastTokenMs: since(
      countAt(timings, "last_token_iteration") ?? countAt(stats, "last_token_time")
    ),
    latencyMs: since(end),
    ...ending,
    usage: usageOf({
      // GuideLLM counts no prompt itself: where it has that count, the server sent usage.
      source: "server",
      input: countAt(stats, "prompt_tokens"),
      output: countAt(stats, "output_tokens"),
      cached: countAt(stats, "cached_tokens")
    }),
    inputCharacters: wholeAt(objectAt(stats, "input_metrics"), "text_characters"),
    outputCharacters: lengthAt(stats, "output") + lengthAt(stats, "reasoning_output"),
    maxOutputTokens: askedOf(stats)
  };
}
function wholeAt(value, name) {
  const count = countAt(value, name);
  return count === void 0 ? void 0 : Math.round(count);
}
function askedOf(stats) {
  const args = textAt(stats, "request_args") ?? "";
  const asked = /"max_(?:completion_|output_)?tokens"\s*:\s*(\d{1,7})/.exec(args)?.[1];
  return asked === void 0 ? void 0 : Number(asked);
}
function endingOf2(group, stats) {
  if (group === "successful") return { outcome: "completed" };
  if (group === "incomplete") return { outcome: "aborted" };
  const words = textAt(objectAt(stats, "info"), "error") ?? textAt(stats, "error") ?? "";
  return failureOf(words);
}
function isoOf2(seconds, place) {
  const time = new Date(1e3 * seconds);
  if (Number.isNaN(time.getTime()) || seconds > 253402300799) {
    throw new ForeignData(`${place}: request_start_time is no time since 1970`);
  }
  return time.toISOString();
}
function unknownsOf2(benchmark, found, requests) {
  const completed = requests.filter(({ outcome }) => outcome === "completed");
  const isBlind = completed.length > 0 && completed.every(({ ttftMs }) => ttftMs === void 0);
  const noFirst = "a first token: the answers were not streamed";
  const gaps = { family: "itl", what: "the gaps between tokens, only of their mean" };
  const first = isBlind ? ["ttft", "ttfot", "tpot"].map((family) => ({ family, what: noFirst })) : [];
  return [gaps, ...first, ...sampledUnknowns(benchmark, found)];
}
function sampledUnknowns(benchmark, found) {
  const made = objectAt(objectAt(benchmark, "scheduler_metrics"), "requests_made");
  const isSampled = ["successful", "errored"].some(
    (group) => found.filter((one) => one.group === group).length < (countAt(made, group) ?? 0)
  );
  if (!isSampled) return [];
  const what = "all of the requests: it keeps a sample";
  const hasFailures = (countAt(made, "errored") ?? 0) > 0;
  const families = ["error_rate", "cost_per_answer"];
  const all = hasFailures ? [...families, "ttft", "ttfot", "latency"] : families;
  return all.map((family) => ({ family, what }));
}

// src/wire/imports/inference-perf.ts
var SUMMARY = "summary_lifecycle_metrics.json";
var FIRST_STAGE = "stage_0_lifecycle_metrics.json";
var SECOND_STAGE = "stage_1_lifecycle_metrics.json";
var inferencePerf = {
  name: "inference-perf",
  title: "inference-perf",
  perRequest: "Set report.request_lifecycle.per_request to true, and give per_request_lifecycle_metrics.json.",
  recognise: recognise3,
  unread: ["response_chunks", "reasoning_chunks", "output_token_times", "reasoning_chunk_times"],
  besides: () => [SUMMARY, FIRST_STAGE, SECOND_STAGE],
  read: (input) => [runOf3(input)]
};
var TTFT3 = {
  id: "inference-perf-first-content/1",
  words: "from the request handed to the client, connecting included, to the first chunk with content, reasoning and tool calls not counted (inference-perf; monotonic clock)"
};
function recognise3(document) {
  if (Array.isArray(document)) {
    const [first] = document;
    const isOurs = isObject(first) && "start_time" in first && "end_time" in first && "info" in first;
    return isOurs ? "requests" : void 0;
  }
  if (!isObject(document)) return void 0;
  const isSummary = "load_summary" in document && "successes" in document;
  return isSummary ? "aggregates" : void 0;
}
function runOf3({ documents, besides }) {
  const elements = asArray(documents[0], "the file").map((element, number) => asObject(element, `element ${number}`)).map((element, number) => ({
    element,
    startS: asNumber(element.start_time, `element ${number}: start_time`),
    endS: asNumber(element.end_time, `element ${number}: end_time`)
  })).sort((a, b) => a.startS - b.startS);
  const firstS = elements[0]?.startS ?? 0;
  const streams = elements.some(({ element }) => chunksOf(element).length > 0);
  const requests = elements.map((one) => requestOf3(one, firstS, streams));
  const endS = elements.reduce((last, one) => Math.max(last, one.endS), firstS);
  const rates = ratesOf(besides);
  return {
    engine: "inference-perf",
    tool: "inference-perf",
    ttft: TTFT3,
    load: loadOf3(besides),
    shape: members({
      "input tokens": roughly(requests.map(({ usage }) => usage?.inputTokens)),
      "output tokens asked": roughly(requests.map(({ maxOutputTokens }) => maxOutputTokens))
    }),
    subject: members({ model: elements.map(({ element }) => modelOf2(element)).find(Boolean) }),
    records: recordsOf(requests),
    warmupRequests: 0,
    durationMs: 1e3 * (endS - firstS),
    rates,
    unknowns: unknownsOf3(requests, streams)
  };
}
function requestOf3({ element, startS: startS2, endS }, firstS, streams) {
  const chunks = chunksOf(element);
  const [first] = chunks;
  const last = chunks.at(-1);
  const usage = countsOf2(element);
  const ending = endingOf3(element, streams ? first !== void 0 : usage?.outputTokens !== 0);
  return {
    startedMs: 1e3 * (startS2 - firstS),
    ...first === void 0 || last === void 0 ? {} : { ttftMs: 1e3 * (first - startS2), lastTokenMs: 1e3 * (last - startS2) },
    latencyMs: 1e3 * (endS - startS2),
    gapsMs: chunks.slice(1).map((at, index) => 1e3 * Math.max(0, at - (chunks[index] ?? at))),
    ...ending,
    usage: ending.status === void 0 ? usage : void 0,
    maxOutputTokens: askedOf2(element)
  };
}
function chunksOf(element) {
  const metrics = memberAt(element, "info", "response_metrics");
  return listAt(metrics, "chunk_times").filter(
    (at) => typeof at === "number" && Number.isFinite(at)
  );
}
var TERMINAL = /^data: ?\[DONE\]|"finish_reason": ?"|"type": ?"message_stop"|"stop_reason": ?"/m;
var STREAM = /^(data|event):/m;
var ERROR_EVENT = /^(event: ?error|data: ?\{ ?"error": ?[{"])/m;
function streamEnding(response2) {
  if (!STREAM.test(response2)) return { outcome: "completed" };
  if (ERROR_EVENT.test(response2)) return { outcome: "stream-error" };
  return { outcome: TERMINAL.test(response2) ? "completed" : "truncated" };
}
function endingOf3(element, hasTokens) {
  const error = objectAt(element, "error");
  if (error === void 0) {
    return hasTokens ? streamEnding(textAt(element, "response") ?? "") : { outcome: "empty" };
  }
  return failureOf(`${textAt(error, "error_msg") ?? ""}
${textAt(error, "error_type") ?? ""}`);
}
function countsOf2(element) {
  const info = objectAt(element, "info");
  const metrics = objectAt(info, "response_metrics");
  const server = objectAt(metrics, "server_usage");
  const prompt = countAt(server, "prompt_tokens");
  const completion = countAt(server, "completion_tokens");
  if (prompt !== void 0 && completion !== void 0) {
    return usageOf({
      source: "server",
      input: prompt,
      output: completion,
      cached: countAt(objectAt(server, "prompt_tokens_details"), "cached_tokens"),
      reasoning: countAt(objectAt(server, "completion_tokens_details"), "reasoning_tokens")
    });
  }
  return usageOf({
    source: "estimated",
    input: countAt(info, "input_tokens") ?? countAt(objectAt(objectAt(info, "request_metrics"), "text"), "input_tokens"),
    output: countAt(metrics, "output_tokens") ?? (metrics === void 0 ? 0 : void 0)
  });
}
function bodyOf(element) {
  const body = element.request;
  if (typeof body !== "string") return body;
  return jsonOrNothing(body) ?? membersIn(body);
}
function membersIn(body) {
  const model = /"model": ?"([^"\\]{1,200})"/.exec(body)?.[1];
  const asked = /"max_(?:completion_)?tokens": ?(\d{1,9})\b/.exec(body)?.[1];
  return { model, max_tokens: asked === void 0 ? void 0 : Number(asked) };
}
function modelOf2(element) {
  return textAt(bodyOf(element), "model")?.slice(0, 200);
}
function askedOf2(element) {
  const body = bodyOf(element);
  return countAt(body, "max_tokens") ?? countAt(body, "max_completion_tokens");
}
function loadOf3(besides) {
  if (besides.has(SECOND_STAGE)) return "several stages, one after the other";
  const load = loadSummary(besides);
  const rate = countAt(load, "requested_rate");
  const concurrency = countAt(load, "concurrency");
  if (concurrency !== void 0 && concurrency > 0) return closedLoad(concurrency);
  return rate === void 0 ? NOT_SAID : openLoad(rate, "poisson");
}
function loadSummary(besides) {
  const known2 = (path) => Object.entries(objectAt(besides.get(path), "load_summary") ?? {}).filter(
    ([, value]) => value !== null
  );
  return Object.fromEntries([...known2(FIRST_STAGE), ...known2(SUMMARY)]);
}
function ratesOf(besides) {
  if (besides.has(SECOND_STAGE)) return void 0;
  const load = loadSummary(besides);
  const intended = countAt(load, "requested_rate");
  const achieved = countAt(load, "achieved_rate");
  return intended === void 0 || achieved === void 0 ? void 0 : { intended, achieved };
}
function unknownsOf3(requests, streams) {
  const noFirst = "a first token: the answers were not streamed";
  const completed = requests.filter(({ outcome }) => outcome === "completed");
  const isUncounted = completed.length > 0 && completed.every(({ usage }) => usage === void 0);
  return [
    { family: "ttfot", what: "which tokens are reasoning" },
    ...streams ? [] : ["ttft", "tpot", "itl"].map((family) => ({ family, what: noFirst })),
    ...isUncounted ? ["tpot", "output_tokens", "output_tokens_per_second"].map((family) => ({
      family,
      what: "how many tokens were used"
    })) : []
  ];
}

// src/wire/imports/k6.ts
var k6 = {
  name: "k6",
  title: "k6",
  perRequest: "Run `k6 run` with --out json=FILE, and name the Trend that holds TTFT with --ttft-metric.",
  recognise: recognise4,
  superfluous: isSuperfluous,
  besides: () => [],
  read: (input) => [runOf4(input)]
};
function recognise4(document) {
  if (!isObject(document)) return void 0;
  const isLine = (document.type === "Metric" || document.type === "Point") && "metric" in document;
  if (isLine) return "requests";
  const isSummary = isObject(document.metrics) && isObject(document.root_group) || memberAt(document, "metadata", "k6Version") !== void 0;
  return isSummary ? "aggregates" : void 0;
}
function isSuperfluous(line2, ttftMetric) {
  const metric = /"metric": ?"([^"]*)"/.exec(line2)?.[1];
  if (metric === void 0 || /"type": ?"Metric"/.test(line2)) return false;
  return !(metric === ttftMetric || ["http_req_failed", "http_reqs", "vus"].includes(metric));
}
function runOf4({ documents, ttftMetric }) {
  const name = ttftMetric ?? refuseUnnamed(documents);
  const points = documents.flatMap((document, number) => pointOf(document, `line ${number + 1}`));
  const firsts = points.filter(({ metric }) => metric === name);
  if (firsts.length === 0) {
    throw new ForeignData(`has no sample of the metric ${name}; ${trendsIn(documents)}`);
  }
  const failed = points.filter(({ metric, value }) => metric === "http_req_failed" && value > 0);
  const sent = points.filter(({ metric }) => metric === "http_reqs");
  const addsUp = sent.length === firsts.length + failed.length;
  const measured = addsUp ? [...firsts, ...failed] : firsts;
  const ordered = measured.sort((a, b) => a.atMs - b.atMs);
  const startMs = ordered[0]?.atMs ?? 0;
  const endMs = ordered.at(-1)?.atMs ?? startMs;
  return {
    engine: "k6",
    tool: "k6",
    ttft: {
      id: `k6-trend-${name.slice(0, 100)}/1`,
      words: `what the script of k6 put into its Trend ${name.slice(0, 100)}`
    },
    startedAt: new Date(startMs).toISOString(),
    load: loadOf4(points),
    shape: {},
    subject: {},
    records: recordsOf(ordered.map((point) => requestOf4(point, startMs))),
    warmupRequests: 0,
    durationMs: endMs - startMs,
    unknowns: unknownsOf4(addsUp)
  };
}
function loadOf4(points) {
  const users = points.flatMap(({ metric, value }) => metric === "vus" ? [value] : []);
  if (users.length === 0) return NOT_SAID;
  const most = Math.max(...users);
  const settled = users.filter((value) => value === most).length;
  return 2 * settled >= users.length ? closedLoad(most) : `ramping, up to ${most} in flight`;
}
function refuseUnnamed(documents) {
  throw new ForeignData(
    `does not say which of its metrics is TTFT: name it with --ttft-metric; ${trendsIn(documents)}`
  );
}
function trendsIn(documents) {
  const trends = documents.flatMap(
    (document) => memberAt(document, "type") === "Metric" && memberAt(document, "data", "type") === "trend" ? [textAt(document, "metric") ?? ""] : []
  );
  const own = [...new Set(trends)].filter((name) => !/^(http_|iteration_|ws_|grpc_)/.test(name));
  return own.length === 0 ? "it has no Trend of the script" : `its Trends are ${own.slice(0, 20).join(", ")}`;
}
function pointOf(document, place) {
  const line2 = asObject(document, place);
  if (line2.type !== "Point") return [];
  const data = asObject(line2.data, `${place}: data`);
  const time = asText(data.time, `${place}: data.time`);
  const atMs = Date.parse(time);
  if (Number.isNaN(atMs)) throw new ForeignData(`${place}: data.time is no time`);
  return [
    {
      metric: asText(line2.metric, `${place}: metric`),
      atMs,
      value: asNumber(data.value, `${place}: data.value`),
      tags: objectAt(data, "tags")
    }
  ];
}
function requestOf4(point, startMs) {
  const startedMs = point.atMs - startMs;
  return point.metric === "http_req_failed" ? { startedMs, ...endingOf4(point) } : { startedMs, ttftMs: point.value, outcome: "completed" };
}
function endingOf4({ tags }) {
  const status = Number(textAt(tags, "status") ?? 0);
  if (status >= 400) return failureOf("", status);
  const code = Number(textAt(tags, "error_code") ?? 0);
  if (code === 1050) return { outcome: "timeout-total" };
  if (code === 1211) return { outcome: "timeout-connect" };
  if (code >= 1100 && code < 1200) return { outcome: "dns" };
  if (code >= 1200 && code < 1220) return { outcome: "connect" };
  if (code === 1220) return { outcome: "truncated" };
  if (code >= 1300 && code < 1400) return { outcome: "tls" };
  return failureOf(textAt(tags, "error") ?? "");
}
function unknownsOf4(addsUp) {
  const tokens = "tokens";
  return [
    ...["ttfot", "tpot", "itl", "output_tokens", "output_tokens_per_second"].map(
      (family) => ({ family, what: tokens })
    ),
    { family: "latency", what: "which answer belongs to which first token" },
    ...addsUp ? [] : [
      {
        family: "error_rate",
        what: "which requests failed: first tokens and failures do not add up to the requests"
      }
    ]
  ];
}

// src/wire/imports/llmperf.ts
var llmperf = {
  name: "llmperf",
  title: "llmperf",
  perRequest: "Run it with --results-dir, and give the file that ends in _individual_responses.json.",
  recognise: recognise5,
  besides: (fileName) => fileName.endsWith("_individual_responses.json") ? [fileName.replace(/_individual_responses\.json$/, "_summary.json")] : [],
  read: (input) => [runOf5(input)]
};
var TTFT4 = {
  id: "llmperf-first-content/1",
  words: "from before a new connection is opened to the first content, reasoning and tool calls not counted (llmperf; monotonic clock)"
};
function recognise5(document) {
  if (Array.isArray(document)) {
    const [first] = document;
    return isObject(first) && "error_code" in first && "number_input_tokens" in first ? "requests" : void 0;
  }
  const isSummary = isObject(document) && "results_number_errors" in document;
  return isSummary ? "aggregates" : void 0;
}
function runOf5({ documents, besides }) {
  const requests = asArray(documents[0], "the file").map(
    (element, number) => requestOf5(asObject(element, `element ${number}`))
  );
  const [found] = besides.values();
  const summary = isObject(found) ? found : {};
  const startedAt = startOf(summary);
  const concurrency = countAt(summary, "num_concurrent_requests");
  return {
    engine: "llmperf",
    tool: "llmperf",
    ttft: TTFT4,
    startedAt,
    load: concurrency === void 0 ? NOT_SAID : closedLoad(concurrency),
    shape: members({
      "input tokens": roughly(requests.map(({ usage }) => usage?.inputTokens)),
      "input length asked": wordOf(summary.mean_input_tokens),
      "output length asked": wordOf(summary.mean_output_tokens)
    }),
    subject: members({ model: wordOf(summary.model), name: wordOf(summary.name) }),
    records: recordsOf(requests),
    warmupRequests: 0,
    unknowns: [
      { family: "error_rate", what: "the failures that stopped one of its threads" },
      { family: "ttfot", what: "which tokens are reasoning" },
      { family: "itl", what: "the gaps between tokens, only of their mean" },
      { family: "tpot", what: "when the last token came" }
    ]
  };
}
function requestOf5(element) {
  const ttftMs = 1e3 * (countAt(element, "ttft_s") ?? 0);
  const latencyS = countAt(element, "end_to_end_latency_s");
  const ending = endingOf5(element, ttftMs);
  return {
    startedMs: 0,
    ...ttftMs > 0 ? { ttftMs } : {},
    latencyMs: latencyS === void 0 ? void 0 : 1e3 * latencyS,
    ...ending,
    freshConnection: true,
    // Counted with one tokenizer for every model.
    usage: ending.status === void 0 ? usageOf({
      source: "estimated",
      input: countAt(element, "number_input_tokens"),
      output: countAt(element, "number_output_tokens")
    }) : void 0
  };
}
function endingOf5(element, ttftMs) {
  const code = element.error_code;
  if (code === null || code === void 0) {
    return { outcome: ttftMs > 0 ? "completed" : "empty" };
  }
  const status = typeof code === "number" && code > 0 ? code : void 0;
  return failureOf(textAt(element, "error_msg") ?? "", status);
}
function startOf(summary) {
  const seconds = countAt(summary, "timestamp");
  if (seconds === void 0 || seconds > 253402300799) return void 0;
  return new Date(1e3 * seconds).toISOString();
}

// src/wire/imports/sglang.ts
var sglang = {
  name: "sglang",
  title: "SGLang bench_serving",
  perRequest: "Run `bench_serving` with --output-file FILE --output-details.",
  recognise: recognise6,
  unread: ["generated_texts"],
  besides: () => [],
  read: ({ documents }) => documents.map((document, number) => runOf6(document, `line ${number + 1}`))
};
var TTFT5 = {
  id: "sglang-first-text-or-reasoning/1",
  words: "from the request handed to a client with a new connection for each, connecting included, to the first text or reasoning (SGLang; monotonic clock)"
};
function recognise6(document) {
  if (!isObject(document) || !("completed" in document) || "model_id" in document) return void 0;
  if (!("mean_ttft_ms" in document || "ttfts" in document)) return void 0;
  if (!("sharegpt_output_len" in document || "random_input_len" in document)) return void 0;
  return "ttfts" in document ? "requests" : "aggregates";
}
function runOf6(document, place) {
  const file = asObject(document, place);
  const requests = requestsOf(file, place);
  const durationS = countAt(file, "duration");
  return {
    engine: "SGLang bench_serving",
    tool: "sglang-bench-serving",
    ttft: TTFT5,
    load: loadOf5(file),
    shape: members({
      dataset: wordOf(file.dataset_name),
      "input tokens": roughly(asArray(file.input_lens, `${place}: input_lens`).map(known)),
      "input length asked": wordOf(file.random_input_len),
      "output length asked": wordOf(file.random_output_len) ?? wordOf(file.sharegpt_output_len),
      "length range ratio": wordOf(file.random_range_ratio)
    }),
    subject: members({ backend: wordOf(file.backend), tag: wordOf(file.tag) }),
    records: recordsOf(requests),
    warmupRequests: 0,
    durationMs: durationS === void 0 ? void 0 : 1e3 * durationS,
    unknowns: unknownsOf5(file)
  };
}
function requestsOf(file, place) {
  const ttfts = asArray(file.ttfts, `${place}: ttfts`);
  const list = (name) => {
    const found = asArray(file[name], `${place}: ${name}`);
    if (found.length === ttfts.length) return found;
    throw new ForeignData(
      `${place}: ${name} has ${found.length} values, and ttfts has ${ttfts.length}`
    );
  };
  const lists = {
    errors: list("errors"),
    gaps: list("itls"),
    inputs: list("input_lens"),
    outputs: list("output_lens"),
    cached: Array.isArray(file.cached_tokens) ? list("cached_tokens") : []
  };
  const counts2 = countsTokens(file);
  return ttfts.map((ttft, index) => {
    const gapsMs = asArray(lists.gaps[index] ?? [], `${place}: itls[${index}]`).map(
      (gap) => 1e3 * (known(gap) ?? 0)
    );
    const ttftMs = 1e3 * (known(ttft) ?? 0);
    const failure = failureIn(lists.errors[index], ttftMs);
    const isCompleted = failure === void 0;
    return {
      startedMs: 0,
      ...ttftMs > 0 ? { ttftMs, lastTokenMs: gapsMs.reduce((sum, gap) => sum + gap, ttftMs) } : {},
      gapsMs,
      freshConnection: true,
      ...failure ?? { outcome: "completed" },
      usage: usageOf({
        source: "estimated",
        input: isCompleted && counts2 ? known(lists.inputs[index]) : void 0,
        output: known(lists.outputs[index]),
        cached: known(lists.cached[index])
      })
    };
  });
}
function failureIn(error, ttftMs) {
  if (typeof error === "string" && error !== "") return failureOf(error);
  return ttftMs > 0 ? void 0 : { outcome: "empty" };
}
function known(value) {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : void 0;
}
function loadOf5(file) {
  const limit = countAt(file, "max_concurrency");
  const rate = countAt(file, "request_rate");
  const most = limit === void 0 ? "" : `, at most ${limit} in flight`;
  if (rate !== void 0) return `${openLoad(rate, "poisson")}${most}`;
  if (file.request_rate === "trace") return `open, a trace${most}`;
  return limit === void 0 ? "open, all at once" : closedLoad(limit);
}
function countsTokens({ backend }) {
  return backend === "sglang" || backend === "sglang-native";
}
function unknownsOf5(file) {
  const tokens = "how many tokens were generated, as it may write the length that was asked for";
  const times = [
    { family: "ttfot", what: "which tokens are reasoning" },
    { family: "latency", what: "when each answer ended" },
    { family: "output_tokens_per_second", what: "when each answer ended" }
  ];
  if (countsTokens(file)) return times;
  return [...times, { family: "tpot", what: tokens }, { family: "output_tokens", what: tokens }];
}

// src/wire/imports/tolerant-json.ts
var UNUSUAL = /NaN|Infinity|\d{16}/;
var UNUSUAL_TOKEN = /(-?)\bInfinity\b|\bNaN\b|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
function parseDocuments(text3) {
  const clean = text3.startsWith("\uFEFF") ? text3.slice(1) : text3;
  if (clean.trim() === "") throw new ForeignData("is empty");
  const lines = linesWithText(clean);
  const [first] = lines;
  if (lines.length > 1 && first !== void 0 && isDocument(first.text)) {
    return lines.map((line2) => parsed(line2.text, line2.number));
  }
  return [parsed(clean, 1)];
}
function standardJson(text3) {
  if (!UNUSUAL.test(text3)) return text3;
  const pieces = [];
  let at = 0;
  while (at < text3.length) {
    const opening2 = text3.indexOf('"', at);
    const until = opening2 === -1 ? text3.length : opening2;
    pieces.push(text3.slice(at, until).replace(UNUSUAL_TOKEN, standIn));
    if (opening2 === -1) break;
    const after = endOfText(text3, opening2);
    pieces.push(text3.slice(opening2, after));
    at = after;
  }
  return pieces.join("");
}
function standIn(token) {
  return token === "NaN" ? "null" : `"${token}"`;
}
function endOfText(text3, opening2) {
  for (let quote = text3.indexOf('"', opening2 + 1); quote !== -1; ) {
    let backslashes = 0;
    while (text3[quote - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    quote = text3.indexOf('"', quote + 1);
  }
  return text3.length;
}
function linesWithText(text3) {
  return text3.split("\n").map((line2, index) => ({ text: line2, number: index + 1 })).filter((line2) => line2.text.trim() !== "");
}
function isDocument(line2) {
  if (!/^\s*[{[].*[}\]]\s*$/.test(line2)) return false;
  return jsonOrNothing(standardJson(line2)) !== void 0;
}
function parsed(text3, firstLine) {
  const json = standardJson(text3);
  try {
    return parseJson(json);
  } catch (cause) {
    const at = cause instanceof ForeignData ? cause.at : void 0;
    throw new ForeignData(`is not JSON: ${placeOf(at, json, firstLine)}${cutShort(text3)}`);
  }
}
function placeOf(at, json, firstLine) {
  if (at === void 0) return `line ${firstLine} or after`;
  const lines = json.slice(0, at).split("\n");
  return `line ${firstLine + lines.length - 1}`;
}
function cutShort(text3) {
  return /[}\]]\s*$/.test(text3) ? "" : "; it seems to be cut short";
}

// src/wire/imports/vllm.ts
var vllm = {
  name: "vllm",
  title: "vLLM bench serve",
  perRequest: "Run `vllm bench serve` with --save-result --save-detailed.",
  recognise: recognise7,
  unread: ["generated_texts"],
  besides: () => [],
  read: ({ documents }) => documents.map((document, number) => runOf7(document, `run ${number + 1}`))
};
var FIRST_CHUNK = {
  id: "vllm-first-choices-chunk/1",
  words: "from the request handed to the client, connecting included, to the first chunk with choices, a role-only or empty one too (vLLM; monotonic clock)"
};
var FIRST_TOKEN = {
  id: "vllm-first-token-chunk/1",
  words: "from the request handed to the client, connecting included, to the first chunk with a token (vLLM from 0.33 on; monotonic clock)"
};
function ttftOf(file, { gaps, outputs }) {
  const api = wordOf(file.endpoint_type) ?? wordOf(file.backend) ?? "";
  const lengths = gaps.map((each) => Array.isArray(each) ? each.length : 0);
  const seen = lengths.flatMap((length, index) => {
    const tokens = countIn(outputs, index);
    return length === 0 || tokens === void 0 ? [] : [length - tokens];
  });
  const between = seen.filter((difference) => difference === -1).length;
  return api.includes("chat") && 2 * between > seen.length ? FIRST_TOKEN : FIRST_CHUNK;
}
function recognise7(document) {
  if (!isObject(document) || !("completed" in document)) return void 0;
  const isVllm = "model_id" in document && ("endpoint_type" in document || "backend" in document);
  if (!isVllm) return void 0;
  return "ttfts" in document ? "requests" : "aggregates";
}
function runOf7(document, place) {
  const file = asObject(document, place);
  const lists = listsOf(file, place);
  const firstStart = (lists.starts ?? []).reduce(
    (first, at) => Math.min(first, asNumber(at, `${place}: start_times`)),
    Number.POSITIVE_INFINITY
  );
  const requests = lists.ttfts.map((_, index) => requestOf6(lists, index, firstStart));
  const durationS = countAt(file, "duration");
  const startedAt = startOf2(file);
  return {
    engine: "vLLM bench serve",
    tool: "vllm-bench-serve",
    ttft: ttftOf(file, lists),
    startedAt,
    load: loadOf6(file),
    shape: members({
      api: wordOf(file.endpoint_type) ?? wordOf(file.backend),
      "input tokens": roughly(lists.inputs.map((_, index) => countIn(lists.inputs, index)))
    }),
    subject: members({
      model: wordOf(file.model_id),
      backend: wordOf(file.backend),
      label: wordOf(file.label)
    }),
    records: recordsOf(requests),
    warmupRequests: 0,
    durationMs: durationS === void 0 ? void 0 : 1e3 * durationS,
    unknowns: unknownsOf6(file, lists, requests)
  };
}
function listsOf(file, place) {
  const ttfts = asArray(file.ttfts, `${place}: ttfts`);
  const list = (name) => {
    const found = asArray(file[name], `${place}: ${name}`);
    if (found.length === ttfts.length) return found;
    throw new ForeignData(
      `${place}: ${name} has ${found.length} values, and ttfts has ${ttfts.length}`
    );
  };
  const optionalList = (name) => Array.isArray(file[name]) ? list(name) : void 0;
  return {
    ttfts,
    errors: list("errors"),
    inputs: list("input_lens"),
    outputs: list("output_lens"),
    gaps: list("itls"),
    latencies: optionalList("latencies"),
    starts: optionalList("start_times")
  };
}
function requestOf6(lists, index, firstStart) {
  const ttftS = countIn(lists.ttfts, index) ?? 0;
  const latencyS = lists.latencies && countIn(lists.latencies, index);
  const gapsMs = gapsOf2(lists.gaps[index]);
  const startS2 = lists.starts && countIn(lists.starts, index);
  const ending = endingOf6(lists, index, ttftS);
  const output2 = countIn(lists.outputs, index) ?? 0;
  const wasRefused = ending.status !== void 0 || ending.outcome === "connect";
  const sumMs = gapsMs.reduce((sum, gap) => sum + gap, 1e3 * ttftS);
  return {
    startedMs: startS2 === void 0 ? 0 : 1e3 * (startS2 - firstStart),
    ...ttftS > 0 ? { ttftMs: 1e3 * ttftS, lastTokenMs: sumMs } : {},
    latencyMs: latencyS === void 0 ? void 0 : 1e3 * latencyS,
    gapsMs,
    ...ending,
    // The server's count where it sent one, the client's tokenizer otherwise: the file cannot tell.
    usage: wasRefused ? void 0 : usageOf({
      source: "estimated",
      input: countIn(lists.inputs, index),
      output: output2 > 0 || ttftS === 0 ? output2 : gapsMs.length + 1
    })
  };
}
function endingOf6(lists, index, ttftS) {
  const error = lists.errors[index];
  if (typeof error === "string" && error !== "") return failureOf(error);
  if (ttftS > 0 && (countIn(lists.outputs, index) ?? 0) > 0) {
    return { outcome: "completed" };
  }
  return ttftS > 0 ? { outcome: "empty" } : failureOf("");
}
function gapsOf2(value) {
  if (!Array.isArray(value)) return [];
  return value.map((_, index) => 1e3 * (countIn(value, index) ?? 0));
}
function countIn(list, index) {
  const value = list[index];
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : void 0;
}
function startOf2(file) {
  const match = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(textAt(file, "date") ?? "");
  if (match === null) return void 0;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  return Number.isNaN(Date.parse(iso)) ? void 0 : iso;
}
function loadOf6(file) {
  const limit = countAt(file, "max_concurrency");
  const rate = countAt(file, "request_rate");
  const ramp = wordOf(file.ramp_up_strategy);
  const ramped = ramp === void 0 ? "" : `, ${ramp} ramp`;
  if (rate === void 0) {
    return `${limit === void 0 ? "open, all at once" : closedLoad(limit)}${ramped}`;
  }
  const burstiness = memberAt(file, "burstiness");
  const process2 = burstiness === 1 || burstiness === void 0 ? "poisson" : `gamma ${wordOf(burstiness) ?? "?"}`;
  const most = limit === void 0 ? "" : `, at most ${limit} in flight`;
  return `${openLoad(rate, process2)}${most}${ramped}`;
}
function unknownsOf6(file, lists, requests) {
  const stated = countAt(file, "completed");
  const counts2 = [
    requests.filter(({ outcome }) => outcome === "completed").length,
    requests.filter(({ outcome }) => outcome === "completed" || outcome === "empty").length
  ];
  const agrees = stated === void 0 || counts2.includes(stated);
  return [
    { family: "ttfot", what: "which tokens are reasoning" },
    ...lists.latencies === void 0 ? [
      { family: "latency", what: "when each answer ended" },
      { family: "output_tokens_per_second", what: "when each answer ended" }
    ] : [],
    ...agrees ? [] : [
      {
        family: "error_rate",
        what: `which requests failed: it counts ${stated} as completed and lists ${counts2[0]}`
      }
    ]
  ];
}

// src/wire/imports/formats.ts
var IMPORT_FORMATS = [
  vllm,
  sglang,
  aiperf,
  guidellm,
  inferencePerf,
  llmperf,
  k6
];
function detectImport(text3, named) {
  const documents = documentsOf(text3);
  if ("problem" in documents) return { kind: "problem", problem: documents.problem };
  const [first] = documents.documents;
  for (const format of named === void 0 ? IMPORT_FORMATS : [named]) {
    const recognised = format.recognise(first);
    if (recognised === "aggregates") return { kind: "aggregates", format };
    if (recognised === "requests") return { kind: "requests", format, ...documents };
  }
  if (named !== void 0) return { kind: "requests", format: named, ...documents };
  const known2 = IMPORT_FORMATS.map(({ name, title }) => `${name} (${title})`).join(", ");
  return { kind: "problem", problem: `is of no format that is known here: ${known2}` };
}
function readImport(detected2, given) {
  const { format, documents } = detected2;
  const { ttftMetric } = given;
  try {
    const besides = new Map(
      [...given.besides].map(([name, text3]) => [name, parseBeside(name, text3)])
    );
    const runs = format.read({
      documents,
      besides,
      ttftMetric
    });
    return { ok: true, runs: runs.map(bounded) };
  } catch (error) {
    if (error instanceof ForeignData) return { ok: false, problem: error.message };
    throw error;
  }
}
function parseBeside(name, text3) {
  const documents = documentsOf(text3);
  if ("problem" in documents) throw new ForeignData(`beside it, ${name} ${documents.problem}`);
  return documents.documents[0];
}
function documentsOf(text3) {
  try {
    return { documents: parseDocuments(text3) };
  } catch (error) {
    if (error instanceof ForeignData) return { problem: error.message };
    throw error;
  }
}
function bounded(run2) {
  const { records } = run2;
  if (records.length === 0) throw new ForeignData("has no request");
  if (records.length > MOST_RECORDS) {
    throw new ForeignData(`has ${records.length} requests; at most ${MOST_RECORDS} are read`);
  }
  for (const record3 of records) {
    const time = timesOf(record3).find((ms) => !isTime(ms));
    if (time !== void 0) {
      throw new ForeignData(`request ${record3.index} has a time of ${time} ms, more than a year`);
    }
    const count = countsOf3(record3).find((each) => !(each >= 0 && each <= MOST_TOKENS));
    if (count !== void 0) {
      throw new ForeignData(`request ${record3.index} has a count of ${count}`);
    }
  }
  return run2;
}
function timesOf(record3) {
  const { startedMs, endMs, intendedMs, firstTokenMs, firstOutputTokenMs, lastTokenMs: lastTokenMs2 } = record3;
  const stamps = [startedMs, endMs, intendedMs, firstTokenMs, firstOutputTokenMs, lastTokenMs2];
  return [...stamps.filter((ms) => ms !== void 0), ...record3.gapsMs];
}
function countsOf3({ usage, maxOutputTokens, inputCharacters = 0 }) {
  const counts2 = [maxOutputTokens, inputCharacters];
  if (usage === void 0) return counts2;
  return [...counts2, usage.inputTokens, usage.outputTokens, usage.cachedInputTokens];
}
var MOST_TOKENS = 1e9;
function isTime(ms) {
  return Number.isFinite(ms) && Math.abs(ms) < 366 * 864e5;
}

// src/wire/imports/condense.ts
var HEAD = 8192;
var TAIL = 4096;
var LONGEST_NAME = 64;
var OPEN = [91, 123];
var CLOSE = [93, 125];
var SPACES = [32, 9, LF, CR];
function condenser(unread, mostBytes) {
  const out = output(mostBytes);
  const structure = structureOf(unread, out);
  let text3;
  const take = (bytes, from) => {
    if (text3 === void 0) {
      const quote = bytes.indexOf(QUOTE, from);
      const until = quote === -1 ? bytes.length : quote;
      structure.take(bytes, from, until);
      if (quote === -1) return until;
      text3 = longText(structure.isKept());
      return quote + 1;
    }
    const { at, isOver } = text3.take(bytes, from);
    if (isOver) {
      if (text3.isKept) structure.takeText(text3.shortened());
      text3 = void 0;
    }
    return at;
  };
  return {
    push: (bytes) => {
      let at = 0;
      while (at < bytes.length) at = take(bytes, at);
    },
    end: () => {
      if (text3?.isKept === true) out.add(text3.shortened());
      return out.text();
    },
    kept: out.kept
  };
}
function structureOf(unread, out) {
  let name;
  let isAfterName = false;
  let depth;
  const leaveOut = () => {
    isAfterName = false;
    depth = 0;
    out.add(NULL);
  };
  const plain = (bytes, from, until) => {
    for (let at = from; at < until; at++) {
      const byte = bytes[at] ?? 0;
      if (SPACES.includes(byte)) continue;
      if (isAfterName) {
        out.add(bytes.subarray(from, at));
        leaveOut();
        return at;
      }
      isAfterName = byte === COLON && name !== void 0 && unread.has(name);
      name = void 0;
    }
    out.add(bytes.subarray(from, until));
    return until;
  };
  const within = (bytes, from, until) => {
    for (let at = from; at < until; at++) {
      const byte = bytes[at] ?? 0;
      const opened2 = depth ?? 0;
      if (opened2 === 0 && (byte === COMMA || CLOSE.includes(byte))) {
        depth = void 0;
        return at;
      }
      if (OPEN.includes(byte)) depth = opened2 + 1;
      else if (CLOSE.includes(byte)) depth = opened2 - 1;
    }
    return until;
  };
  return {
    take: (bytes, from, until) => {
      let at = from;
      while (at < until) {
        at = depth === void 0 ? plain(bytes, at, until) : within(bytes, at, until);
      }
    },
    isKept: () => {
      if (isAfterName) leaveOut();
      return depth === void 0;
    },
    takeText: (bytes) => {
      name = bytes.length <= LONGEST_NAME ? new TextDecoder().decode(bytes) : void 0;
      for (const part2 of [QUOTES, bytes, QUOTES]) out.add(part2);
    }
  };
}
var NULL = new TextEncoder().encode("null");
var QUOTES = new TextEncoder().encode('"');
var GAP = new TextEncoder().encode(" … ");
var BLOCK = 65536;
function output(mostBytes) {
  const blocks = [];
  let block = new Uint8Array(BLOCK);
  let used = 0;
  const kept = () => blocks.length * BLOCK + used;
  const add = (bytes) => {
    if (kept() + bytes.length > mostBytes) {
      throw new ForeignData(
        `holds more than ${Math.round(mostBytes / 2 ** 20)} MiB beside its texts; measure fewer requests a file`
      );
    }
    for (let at = 0; at < bytes.length; ) {
      const part2 = bytes.subarray(at, at + BLOCK - used);
      block.set(part2, used);
      used += part2.length;
      at += part2.length;
      if (used === BLOCK) {
        blocks.push(block);
        block = new Uint8Array(BLOCK);
        used = 0;
      }
    }
  };
  return {
    add,
    kept,
    text: () => {
      const decoder = new TextDecoder();
      const texts = [...blocks, block.subarray(0, used)].map(
        (one) => decoder.decode(one, { stream: true })
      );
      return texts.join("") + decoder.decode();
    }
  };
}
function longText(isKept) {
  let head3 = new Uint8Array(0);
  let tail = new Uint8Array(0);
  let length = 0;
  let backslashes = 0;
  const keep = (bytes) => {
    length += bytes.length;
    if (!isKept) return;
    const room = Math.max(0, HEAD - head3.length);
    if (room > 0) head3 = joined(head3, bytes.subarray(0, room));
    if (bytes.length > room) {
      const rest = bytes.subarray(Math.max(room, bytes.length - TAIL));
      tail = joined(tail.subarray(Math.max(0, tail.length + rest.length - TAIL)), rest);
    }
  };
  const take = (bytes, from) => {
    for (let at = from; ; ) {
      const quote = bytes.indexOf(QUOTE, at);
      const until = quote === -1 ? bytes.length : quote;
      backslashes = trailing(bytes.subarray(at, until), backslashes);
      const isOver = quote !== -1 && backslashes % 2 === 0;
      if (isOver || quote === -1) {
        keep(bytes.subarray(from, until));
        return { at: isOver ? until + 1 : until, isOver };
      }
      backslashes = 0;
      at = quote + 1;
    }
  };
  const shortened = () => length <= head3.length + tail.length ? joined(head3, tail) : joined(joined(wholeEnd(head3), GAP), wholeStart(tail));
  return { isKept, take, shortened };
}
function trailing(bytes, before) {
  let at = bytes.length;
  while (at > 0 && bytes[at - 1] === BACKSLASH) at -= 1;
  return bytes.length - at + (at === 0 ? before : 0);
}
function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
function wholeEnd(bytes) {
  let end = bytes.length;
  while (end > 0 && ((bytes[end - 1] ?? 0) & 192) === 128) end -= 1;
  if (end > 0 && (bytes[end - 1] ?? 0) >= 192) end -= 1;
  const last = bytes.lastIndexOf(BACKSLASH, end - 1);
  if (last !== -1 && end - last < 6) end = last;
  while (end > 0 && bytes[end - 1] === BACKSLASH) end -= 1;
  return bytes.subarray(0, end);
}
var ESCAPED = new Set(new TextEncoder().encode('"\\/bfnrtu'));
function wholeStart(bytes) {
  let start = 0;
  while (start < bytes.length && ((bytes[start] ?? 0) & 192) === 128) start += 1;
  const first = start;
  if (bytes[start] === QUOTE) return bytes.subarray(start + 1);
  while (bytes[start] === BACKSLASH) start += 1;
  const isEscape = start > first && ESCAPED.has(bytes[start] ?? 0);
  return bytes.subarray(isEscape ? start + 1 : start);
}

// src/wire/imports/large-file.ts
var MOST_KEPT_BYTES = 128 * 1024 * 1024;
var LONGEST_LINE = 65536;
function largeFile(ttftMetric, mostBytes = MOST_KEPT_BYTES) {
  const unread = new Set(IMPORT_FORMATS.flatMap((format) => format.unread ?? []));
  const condensed = condenser(unread, mostBytes);
  let keepsLine;
  let begun2 = new Uint8Array(0);
  const isWhole = () => keepsLine === "all";
  const takeLine = (line2) => {
    const text3 = new TextDecoder().decode(line2);
    keepsLine ??= filterFor(text3, ttftMetric);
    if (keepsLine === "all" || keepsLine(text3)) condensed.push(line2);
  };
  const push = (bytes) => {
    if (isWhole()) return condensed.push(bytes);
    let rest = joined2(begun2, bytes);
    for (let end = rest.indexOf(LF); end !== -1; end = rest.indexOf(LF)) {
      takeLine(rest.subarray(0, end + 1));
      rest = rest.subarray(end + 1);
      if (isWhole()) break;
    }
    if (rest.length > LONGEST_LINE) keepsLine = "all";
    if (isWhole()) condensed.push(rest);
    begun2 = isWhole() ? new Uint8Array(0) : rest.slice();
  };
  return {
    push,
    end: () => {
      if (begun2.length > 0) takeLine(begun2);
      return condensed.end();
    },
    kept: condensed.kept
  };
}
function filterFor(firstLine, ttftMetric) {
  const format = formatOf(firstLine);
  const isSuperfluous2 = format?.superfluous;
  return isSuperfluous2 === void 0 ? "all" : (line2) => !isSuperfluous2(line2, ttftMetric);
}
function formatOf(line2) {
  const document = jsonOrNothing(line2);
  return IMPORT_FORMATS.find((format) => format.recognise(document) === "requests");
}
function joined2(a, b) {
  if (a.length === 0) return b;
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

// src/app/imported-runs.ts
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename, dirname as dirname2, join as join5, resolve as resolve6 } from "node:path";
async function importFiles(paths, request) {
  const files = await Promise.all(paths.map((path) => detected(path, request)));
  const imported = [];
  for (const { path, content, found } of files) {
    if (found.kind === "requests") {
      imported.push({
        path,
        format: found.format,
        runs: await runsOf2({ path, content, found }, request)
      });
    } else if (!files.some((other) => isBeside(path, other))) {
      throw withoutRequests(path, found.format);
    }
  }
  return imported;
}
async function detected(path, request) {
  const { text: text3, content } = await read(path, request);
  const found = detectImport(text3, request.format);
  if (found.kind !== "problem") return { path, content, found };
  throw new GateError(
    "file",
    `${path} ${found.problem}`,
    "Give a result file of one of these engines, or name its format with --format."
  );
}
async function read(path, { folder, ttftMetric }) {
  const absolute = resolve6(folder, path);
  if (!await isLarge(absolute)) {
    const text3 = await readText(absolute);
    return { text: text3, content: text3 };
  }
  const file = largeFile(ttftMetric);
  const hash = createHash("sha256");
  try {
    await readInPieces(absolute, (bytes) => {
      hash.update(bytes);
      file.push(bytes);
    });
    return { text: file.end(), content: hash.digest("hex") };
  } catch (error) {
    if (error instanceof GateError || !(error instanceof Error)) throw error;
    throw new GateError("file", `${path} ${error.message}`, "Split the measurement.", {
      cause: error
    });
  }
}
function isBeside(path, { path: other, found }) {
  if (found.kind !== "requests" || dirname2(path) !== dirname2(other)) return false;
  return found.format.besides(basename(other)).includes(basename(path));
}
function withoutRequests(path, { title, perRequest }) {
  return new GateError(
    "file",
    `${path} holds aggregates of ${title} and no requests, so there is nothing in it to judge`,
    perRequest
  );
}
async function runsOf2(source, request) {
  const { path, content, found } = source;
  const absolute = resolve6(request.folder, path);
  const { ttftMetric } = request;
  const read2 = readImport(found, {
    besides: await textsBeside(absolute, found.format),
    ttftMetric
  });
  if (!read2.ok) {
    throw new GateError(
      "file",
      `${path}, read as ${found.format.name}: ${read2.problem}`,
      `Check the file. ${found.format.perRequest}`
    );
  }
  const writtenAt = (await stat(absolute)).mtime.toISOString();
  return read2.runs.map((run2, number) => {
    const digest = createHash("sha256").update(`${number}
`).update(content).digest("hex");
    return assembleImported(run2, { ...request, digest, writtenAt });
  });
}
async function textsBeside(path, format) {
  const texts = /* @__PURE__ */ new Map();
  for (const name of format.besides(basename(path))) {
    const text3 = await readTextIfThere(join5(dirname2(path), name));
    if (text3 !== void 0) texts.set(name, text3);
  }
  return texts;
}

// src/app/cli/commands/import.ts
var FORMAT_NAMES = IMPORT_FORMATS.map(({ name }) => name).join(", ");
var importResults = {
  name: "import",
  summary: "Turn result files of other load engines into run files.",
  operands: "FILE…",
  options: [
    {
      name: "format",
      value: "NAME",
      help: `one of ${FORMAT_NAMES} (default: detected from the content)`
    },
    { name: "gate", value: "NAME", help: "the gate the runs belong to (default imported)" },
    { ...CONFIG_OPTION, help: "prices, so that the cost is known, and the gate's limits" },
    { name: "run", value: "N", help: "only the Nth run of a file that holds several" },
    {
      name: "ttft-metric",
      value: "NAME",
      help: "k6: the Trend of the script that holds TTFT in ms"
    },
    {
      name: "report-dir",
      value: "DIR",
      help: `where runs/<gate>.json is written (default ${DEFAULT_REPORT_DIR})`
    }
  ],
  notes: `Then: inference-gate compare ${DEFAULT_REPORT_DIR}/runs/NAME.json --with OLD.json…
What a file cannot say is never gated; runs of different engines are never compared.
Formats, and how each engine writes them: docs/imports.md`,
  run: importFrom
};
async function importFrom(args, invocation) {
  const paths = pathsOf(args, invocation);
  const format = formatOf2(args);
  const gate = await gateOf(args, invocation);
  const ttftMetric = args.text("ttft-metric");
  const files = await importFiles(paths, {
    folder: invocation.folder,
    gate: gate.name,
    prices: gate.prices,
    provenance: provenanceOf(invocation),
    format,
    ttftMetric
  });
  const chosen2 = files.flatMap((file) => chosenRuns(file, args));
  const folder = resolve7(invocation.folder, args.text("report-dir") ?? DEFAULT_REPORT_DIR);
  const written = /* @__PURE__ */ new Map();
  for (const { run: run2, file } of chosen2) {
    const name = freeName(run2.gate, written);
    written.set(name, encodeRun(run2));
    invocation.out(`${name}: ${described2(run2, file, gate)}`);
  }
  await writeFolder(folder, Object.fromEntries(written));
  return EXIT.passed;
}
function pathsOf({ operands }, { folder }) {
  if (operands.length === 0) {
    throw new GateError(
      "usage",
      "inference-gate import needs result files",
      "As in: inference-gate import benchmarks.json --gate chat"
    );
  }
  const paths = operands.flatMap((pattern) => {
    const found = findFiles(pattern, folder);
    if (found.length > 0) return found;
    throw new GateError("file", `no file matches ${pattern}`, "Check the path.");
  });
  return [...new Set(paths)];
}
function formatOf2(args) {
  const name = args.text("format");
  if (name === void 0) return void 0;
  const format = IMPORT_FORMATS.find((one) => one.name === name);
  if (format !== void 0) return format;
  throw new GateError(
    "usage",
    `--format is "${name}"; the formats are ${FORMAT_NAMES}`,
    "Name one of these, or leave the option out."
  );
}
async function gateOf(args, invocation) {
  if (args.given("config")) return gateIn(await configOf(args, invocation), args);
  const name = args.text("gate") ?? "imported";
  if (isGateName(name)) return { name, prices: { kind: "none" }, limits: [] };
  throw new GateError(
    "usage",
    `--gate is "${name}", which is not a valid gate name`,
    'Use letters, digits, ".", "_" and "-", at most 64.'
  );
}
function gateIn(config, args) {
  const name = chosenGate(args, config);
  const [first, ...others] = config.gates.filter((gate) => name === void 0 || gate.name === name);
  if (first !== void 0 && others.length === 0) return first;
  throw new GateError(
    "usage",
    `the config has several gates: ${config.gates.map((gate) => gate.name).join(", ")}`,
    "Name the one that these results are of with --gate."
  );
}
function chosenRuns(file, args) {
  const number = wholeNumber(args, "run");
  if (number !== void 0) {
    const run2 = file.runs[number - 1];
    if (run2 !== void 0) return [{ run: run2, file }];
    throw new GateError(
      "usage",
      `--run is ${number}; ${file.path} holds ${file.runs.length}`,
      "Count from 1."
    );
  }
  const differ = new Set(file.runs.map(({ loadShapeHash }) => loadShapeHash)).size > 1;
  return file.runs.map((run2) => ({ file, run: differ ? namedByLoad(run2) : run2 }));
}
function namedByLoad(run2) {
  const load = (run2.loadShape.load ?? "").replace(/[^A-Za-z0-9.]+/g, "-");
  return { ...run2, gate: `${run2.gate}-${load}`.slice(0, 64) };
}
function freeName(gate, taken) {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `runs/${gate}.json` : `runs/${gate}.${number}.json`;
    if (!taken.has(name)) return name;
  }
}
function described2(run2, { path, format }, gate) {
  const failed = run2.records.filter(({ outcome }) => outcome !== "completed");
  const kinds = [...Map.groupBy(failed, ({ outcome }) => outcome)].map(([outcome, some]) => `${some.length} ${outcome}`).join(", ");
  const unknowns = run2.unknowns ?? [];
  const unjudged = gate.limits.filter(({ family }) => unknowns.some((one) => one.family === family));
  const lines = [
    `${run2.records.length} requests of ${format.title} from ${path}${kinds === "" ? "" : `, ${kinds}`}`,
    `  TTFT as ${run2.ttftDefinition}; load: ${run2.loadShape.load}`,
    ...run2.costUnknown === "no-prices" ? ["  cost not known: no prices, see --config"] : [],
    ...neverGated(unknowns),
    ...unjudged.length === 0 ? [] : [
      `  limits that are therefore not judged: ${unjudged.map(({ metric }) => metric).join(", ")}`
    ]
  ];
  return `${lines.join("\n")}
`;
}
function neverGated(unknowns) {
  return [...Map.groupBy(unknowns, ({ what }) => what)].map(([what, some]) => {
    const families = some.map(({ family }) => family).join(", ");
    return `  never gated: ${families}; the file says nothing of ${what}`;
  });
}

// src/app/cli/commands/init.ts
import { join as join6 } from "node:path";
var ACTION = `${REPOSITORY}@v1`;
var init = {
  name: "init",
  summary: "Write a config and a workflow for your endpoint.",
  options: [
    { name: "url", value: "URL", help: "the endpoint's base URL, as https://host/v1 (required)" },
    { name: "model", value: "NAME", help: "the model to ask for (required)" },
    { name: "api", value: "DIALECT", help: `${DIALECTS.join(", ")} (default openai-chat)` },
    { name: "price-input", value: "PRICE", help: "of input tokens, as $0.60/M" },
    { name: "price-output", value: "PRICE", help: "of output tokens, as $2.40/M" },
    {
      name: "affected-by",
      value: "LIST",
      help: "what here can change what is measured: config, or config,'src/llm/**' (default: anything)"
    },
    { name: "default-branch", value: "NAME", help: "the branch that records (default main)" },
    { name: "secret", value: "NAME", help: "the secret with the key (default INFERENCE_API_KEY)" },
    { name: "action", value: "REF", help: `the action to use (default ${ACTION})` }
  ],
  run: async (args, invocation) => {
    const starter = starterOf(args);
    const config = writeStarterConfig(starter);
    await refuseUnusable(config, invocation);
    await writeNew(STARTER_CONFIG, config, invocation);
    await writeNew(STARTER_WORKFLOW, writeStarterWorkflow(starter), invocation);
    invocation.out(`Next: store the key as the repository secret ${starter.secret ?? "INFERENCE_API_KEY"}, then
commit both files. Try it here with inference-gate record and inference-gate run.
`);
    return EXIT.passed;
  }
};
async function refuseUnusable(config, invocation) {
  try {
    await readConfig({
      file: STARTER_CONFIG,
      read: async (path) => path === STARTER_CONFIG ? config : void 0,
      env: invocation.env,
      overrides: {},
      unsetEnv: "blank"
    });
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error;
    const problems = error.issues.map(({ path, message: message2 }) => `${optionOf(path)}: ${message2}`);
    throw new GateError("usage", problems.join("; "), "Correct the option; nothing was written.");
  }
}
var OPTION_OF = {
  url: "--url",
  model: "--model",
  api: "--api",
  input: "--price-input",
  output: "--price-output"
};
function optionOf(path) {
  return OPTION_OF[path.split(".").at(-1) ?? ""] ?? path;
}
function starterOf(args) {
  const api = args.text("api");
  const prices = pricesOf(args);
  const defaultBranch = args.text("default-branch");
  const secret = args.text("secret");
  return {
    url: required(args, "url"),
    model: required(args, "model"),
    action: args.text("action") ?? ACTION,
    api: api === void 0 ? void 0 : dialectOf(api),
    prices,
    affectedBy: args.text("affected-by")?.split(",").map((item) => item.trim()),
    defaultBranch,
    secret
  };
}
function required(args, name) {
  const value = args.text(name);
  if (value !== void 0 && value !== "") return value;
  throw new GateError(
    "usage",
    `inference-gate init needs --${name}`,
    "For example: inference-gate init --url https://inference.example.com/v1 --model llama-3.3-70b"
  );
}
function dialectOf(text3) {
  const found = DIALECTS.find((name) => name === text3);
  if (found !== void 0) return found;
  throw new GateError(
    "usage",
    `--api is "${text3}"; legal values: ${DIALECTS.join(", ")}`,
    "Correct the option."
  );
}
function pricesOf(args) {
  const [input, output2] = [args.text("price-input"), args.text("price-output")];
  if (input === void 0 && output2 === void 0) return void 0;
  if (input !== void 0 && output2 !== void 0) return { input, output: output2 };
  throw new GateError(
    "usage",
    "only one of --price-input and --price-output is given",
    "Give both, as --price-input $0.60/M --price-output $2.40/M."
  );
}
async function writeNew(path, text3, invocation) {
  const full = join6(invocation.folder, path);
  if (await readTextIfThere(full) !== void 0) {
    invocation.out(`${path} is there already and was left as it is
`);
    return;
  }
  await writeText(full, text3);
  invocation.out(`wrote ${path}
`);
}

// src/app/cli/commands/merge.ts
import { resolve as resolve8 } from "node:path";
var merge = {
  name: "merge",
  summary: "Merge the run files of several shards.",
  operands: "RUN.json…",
  options: [
    {
      name: "report-dir",
      value: "DIR",
      help: `where runs/<gate>.json is written (default ${DEFAULT_REPORT_DIR})`
    }
  ],
  run: async (args, invocation) => {
    if (args.operands.length === 0) {
      throw new GateError("usage", "inference-gate merge needs run files", "Name them, or a glob.");
    }
    const runs = mergedByGate(await readRuns(args.operands, invocation.folder));
    const folder = resolve8(invocation.folder, args.text("report-dir") ?? DEFAULT_REPORT_DIR);
    for (const run2 of runs.values()) {
      await writeFolder(folder, runFile(run2));
      invocation.out(`${run2.gate}: ${run2.records.length} requests
`);
    }
    return EXIT.passed;
  }
};

// src/app/cli/commands/ping.ts
var ping = {
  name: "ping",
  summary: "Send one request to each gate and say what came back.",
  options: [CONFIG_OPTION, GATE_OPTION, ...URL_OPTIONS],
  notes: "The first prompt of the workload is asked once, without a warm-up: the connection is in the times.",
  run: async (args, invocation) => {
    const config = await configOf(args, invocation);
    const only = chosenGate(args, config);
    const gates = config.gates.map((gate) => ({ ...gate, workload: onceOf(gate) }));
    const requests = gateRequests({
      // A ping says what there is now.
      config: { ...config, gates, confirmAfterMs: void 0 },
      only
    });
    const ports = gatePorts({
      store: NO_STORE,
      keys: keysOf(invocation),
      policy: config.policy,
      reach: { kind: "anywhere" },
      env: invocation.env,
      signal: invocation.signal,
      screen: SILENT_PROGRESS
    });
    let failed = 0;
    for (const request of requests) {
      const { runs, invalidities } = await measureShard(request, ports);
      const [run2] = runs;
      const record3 = run2?.records[0];
      invocation.out(
        `${request.gate.name}: ${request.gate.endpoint.model} at ${request.gate.endpoint.url}
`
      );
      if (run2 !== void 0 && record3 !== void 0) invocation.out(pingText(record3, costOf(run2)));
      if (record3?.outcome === "completed") continue;
      failed += 1;
      for (const invalidity of invalidities) {
        invocation.out(`  ${invalidityWords(invalidity, "command-line").remedy}
`);
      }
    }
    return failed === 0 ? EXIT.passed : EXIT.couldNotMeasure;
  }
};
function onceOf({ workload }) {
  const load = { kind: "closed", concurrency: 1 };
  return { ...workload, requests: 1, probes: 0, warmup: 0, load };
}
function costOf({ costsUsd }) {
  return costsUsd[0];
}

// src/app/cli/commands/plan.ts
var plan = {
  name: "plan",
  summary: "Show what a run would cost and what it could detect; nothing is sent.",
  options: [CONFIG_OPTION, ...STORE_OPTIONS, GATE_OPTION],
  run: async (args, invocation) => {
    const config = await configOf(args, invocation);
    const requests = gateRequests({ config, only: chosenGate(args, config) });
    const previews = [];
    await withStoreOf(args, invocation, {
      config,
      act: async (store) => {
        for (const request of requests) {
          const history2 = await historyOfGate(request, { store, nowIso });
          const preview = previewGate(request, history2);
          previews.push(preview);
          const shown2 = { gate: request.gate, runs: history2.runs.length, ...preview };
          invocation.out(planText(shown2, { width: invocation.width }));
        }
      }
    });
    const isForbidden = previews.some(({ forbidden }) => forbidden !== void 0);
    return isForbidden ? EXIT.badInput : EXIT.passed;
  }
};

// src/app/cli/commands/record.ts
var record2 = {
  name: "record",
  summary: "Measure the endpoint as it is now and add the run to the baseline.",
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    {
      name: "results",
      value: "GLOB",
      several: true,
      help: "record these run files, measure nothing"
    },
    { name: "times", value: "N", help: "record N runs, one after the other (default 1)" },
    { name: "every", value: "DURATION", help: "begin a run this often, as 1m (default: at once)" },
    ...URL_OPTIONS,
    ...REPORT_OPTIONS
  ],
  notes: `A run that fails against the baseline is kept apart and the exit code is 1; inference-gate
accept makes it the new baseline. Verdicts find small changes reliably once about ${RECOMMENDED_RUNS} runs are recorded.`,
  run: recordTimes
};
async function recordTimes(args, invocation) {
  const texts = { times: args.text("times") ?? "", every: args.text("every") ?? "" };
  const { series, problems } = seriesOf(texts, (option) => `--${option}`);
  const isSaved = series.times > 1 && args.given("results");
  const wrong = [...problems, ...isSaved ? ["--times cannot repeat saved runs"] : []];
  if (wrong.length > 0) throw new GateError("usage", wrong.join("; "), "Correct the option.");
  const { signal, err } = invocation;
  const setting2 = { series, signal, announce: (text3) => err(`${text3}
`) };
  return await recordSeries(
    setting2,
    () => recordFrom(args, invocation),
    (code) => code === EXIT.passed
  );
}
async function recordFrom(args, invocation) {
  const config = await configOf(args, invocation);
  const only = chosenGate(args, config);
  const provenance = { ...provenanceHere(invocation), config: await configHere(args, invocation) };
  const saved = args.given("results") ? mergedByGate(
    runsOfConfig(await readRuns(args.texts("results"), invocation.folder), provenance.config)
  ) : void 0;
  const screen = screenOf(args, invocation);
  const recorded = await withStoreOf(args, invocation, {
    config,
    act: async (store) => {
      const planned = gateRequests({ config, only, provenance });
      const requests = saved === void 0 ? planned : requestsOfSaved(planned, saved);
      const gates = await recordGates({
        config,
        requests,
        ports: gatePorts({
          ...portsBase(invocation),
          policy: config.policy,
          reach: { kind: "anywhere" },
          env: invocation.env,
          store,
          screen
        }),
        opening: void 0,
        keep: await keepRuns(reportFolderOf(args, invocation)),
        saved
      });
      for (const line2 of standingLines(gates, store.place)) screen.step(line2);
      return gates;
    }
  });
  const results = recorded.map(({ result }) => result);
  const jobResult = jobResultOf(results, contextHere("record", config.policy, provenance));
  await showReport(args, invocation, { jobResult, runs: runFiles(recorded) });
  return exitCodeOfRecord(recorded, jobResult.verdict === "failed");
}
function portsBase(invocation) {
  return { keys: keysOf(invocation), signal: invocation.signal };
}

// src/app/cli/base-config.ts
import { basename as basename2, dirname as dirname3, resolve as resolve9 } from "node:path";
var BASE_CONFIG_OPTION = {
  name: "base-config",
  value: "FILE",
  help: "the config without the change: its limits judge, its question is asked too"
};
async function askedOf3(args, invocation) {
  const head3 = await configOf(args, invocation);
  const file = args.text(BASE_CONFIG_OPTION.name);
  if (file === void 0) return { config: head3, rules: {} };
  const base = await readBase(file, args, invocation);
  const { config, limitsFrom, proposedChanges } = combineTrusted(base, head3);
  const questions = chosen(questionsOf(base, config), args);
  const dropped = droppedOf(droppedGates(base, head3), base.policy);
  return {
    ...configsOf(questions, { config, base }),
    questions,
    rules: { limitsFrom, proposedChanges, dropped }
  };
}
async function readBase(file, args, invocation) {
  const path = resolve9(invocation.folder, file);
  const folder = dirname3(path);
  const prefix = prefixOf(folder, invocation.env);
  const root = resolve9(folder, ...prefix.split("/").flatMap((part2) => part2 === "" ? [] : ".."));
  const { referenceUrl } = overridesOf(args);
  const read2 = await readConfigIfThere({
    entrypoint: "command-line",
    file: `${prefix}${basename2(path)}`,
    read: filesOf(root),
    env: invocation.env,
    overrides: { referenceUrl },
    unsetEnv: "blank"
  });
  if (read2 !== void 0) return read2.config;
  throw new GateError(
    "config",
    `there is no base config ${file}`,
    `Bring it to the base branch first, or leave --${BASE_CONFIG_OPTION.name} away.`
  );
}
function chosen(questions, args) {
  const name = args.text("gate");
  if (name === void 0) return questions;
  const found = questions.filter(
    ({ gate, base, asked }) => [gate.name, base?.name].includes(name) || asked?.as === "base" && asked.head === name
  );
  if (found.length > 0) return found;
  const names = questions.map(({ gate }) => gate.name).join(", ");
  throw new GateError(
    "usage",
    `--gate is "${name}"; the configs have ${names}`,
    "Name one of these."
  );
}

// src/app/cli/compare-endpoints.ts
async function compareEndpoints(args, invocation) {
  const config = await configOf(args, invocation);
  const requests = gateRequests({
    config,
    only: chosenGate(args, config),
    provenance: provenanceHere(invocation)
  });
  if (requests.length < FEWEST_ROWS) {
    throw new GateError(
      "usage",
      `--compare-endpoints has ${requests.length} gate; it needs ${FEWEST_ROWS} or more`,
      "Give the config a gate for each endpoint, with the same workload, and leave --gate out."
    );
  }
  const keep = await keepRuns(reportFolderOf(args, invocation));
  const shards = await measureInTurns(
    requests,
    portsOfTerminal({ args, invocation, store: NO_STORE, policy: config.policy })
  );
  for (const shard of shards) {
    await keep(shard);
    for (const invalidity of shard.invalidities) {
      const { fact, remedy } = invalidityWords(invalidity, "command-line");
      invocation.err(`warning: ${shard.gate}: ${fact} ${remedy}
`);
    }
  }
  const rows = shards.flatMap(
    ({ gate, runs: [run2] }) => run2 === void 0 ? [] : [{ name: gate, summary: summarize(run2, []) }]
  );
  if (rows.length > 0) await showSideBySide({ rows, measured: "in-turns" }, args, invocation);
  const isSound = shards.every(({ invalidities }) => invalidities.length === 0);
  return isSound ? EXIT.passed : EXIT.couldNotMeasure;
}

// src/app/cli/commands/run.ts
var run = {
  name: "run",
  summary: "Measure the endpoint and compare it with the baseline.",
  options: [
    CONFIG_OPTION,
    ...STORE_OPTIONS,
    GATE_OPTION,
    ...URL_OPTIONS,
    EARLIER_OPTION,
    BASE_CONFIG_OPTION,
    {
      name: "compare-endpoints",
      help: "measure the config's gates in alternation and put them side by side; nothing is judged"
    },
    ...REPORT_OPTIONS
  ],
  notes: `Reads the key from INFERENCE_GATE_API_KEY. Exits with 1 on a regression; see
inference-gate --help for the other codes. With --compare-endpoints every gate is an endpoint to choose
from: the table goes to the terminal and into side-by-side.html of the report folder. With --base-config, as
\`git worktree add ../base main\` brings it along, the change cannot loosen the gate that judges it.`,
  run: (args, invocation) => {
    if (!args.given("compare-endpoints")) return runFrom(args, invocation);
    refuseBase(args);
    return compareEndpoints(args, invocation);
  }
};
async function runFrom(args, invocation) {
  const { config, base, questions = [], rules } = await askedOf3(args, invocation);
  const provenance = { ...provenanceHere(invocation), config: await configHere(args, invocation) };
  const only = base === void 0 ? chosenGate(args, config) : void 0;
  const planned = gateRequests({ config, base, only, provenance });
  const requests = await withEarlierRuns(asProposed(planned, questions), {
    patterns: args.texts(EARLIER_OPTION.name),
    folder: invocation.folder,
    asked: `--${EARLIER_OPTION.name}`,
    nowIso: nowIso()
  });
  const gateRuns = await withStoreOf(args, invocation, {
    config,
    base,
    act: async (store) => {
      const ports = portsOfTerminal({ args, invocation, store, policy: config.policy });
      const keep = await keepRuns(reportFolderOf(args, invocation));
      const inTurns = await withTurns(requests, ports);
      return runAll(inTurns, (request) => runGate(request, ports), keep);
    }
  });
  const judged = judgedBetween(gateRuns, requests).map((one) => asAsked(one, questions));
  const results = judged.map(({ result }) => result);
  const context = { ...contextHere("gate", config.policy, provenance), ...rules };
  await showReport(args, invocation, {
    jobResult: jobResultOf(results, context),
    runs: runFiles(gateRuns)
  });
  return exitCodeOfVerdicts(
    results.filter(isCounted).map(({ verdict }) => verdict),
    config.policy,
    context.dropped
  );
}
function refuseBase(args) {
  if (!args.given(BASE_CONFIG_OPTION.name)) return;
  throw new GateError(
    "usage",
    `--${BASE_CONFIG_OPTION.name} says what judges, and --compare-endpoints judges nothing`,
    "Give one of them."
  );
}

// src/simulator/profiles.ts
var HEALTHY = {
  ttftMedianMs: 30,
  ttftPerInputTokenMs: 0.02,
  ttftMedianByTextMs: {},
  ttftSigma: 0.22,
  lateFrom: 0,
  lateFactor: 1,
  laterTurnFactor: 1,
  tailShare: 0.03,
  tailStart: 1.6,
  tailShape: 3,
  longestTtftMs: 2e3,
  driftSigma: 0.03,
  drift: 0,
  roleShare: 0.5,
  tokenGapMs: 1.5,
  tokenGapSigma: 0.3,
  capacity: 0,
  cacheSaving: 0.5,
  cachePrefixCharacters: 64,
  usage: "on",
  reasoningTokens: 0,
  outputTokens: 0,
  ignoresOutputLimit: false,
  says: "words",
  callsTools: false,
  wrongShare: 0,
  lineEnd: "\n",
  coalesce: 1,
  splitUtf8: false,
  pingEvery: 0,
  faults: {}
};
var REGRESSED = {
  ...HEALTHY,
  ttftMedianMs: HEALTHY.ttftMedianMs * 1.6,
  ttftPerInputTokenMs: HEALTHY.ttftPerInputTokenMs * 1.6,
  tailShare: 0.08,
  tailStart: 1.8,
  tailShape: 2
};
var PROFILES = { healthy: HEALTHY, regressed: REGRESSED };

// src/simulator/server.ts
var import_node_http = __toESM(require_node_http(), 1);
var import_node_https = __toESM(require_node_https(), 1);
import { createServer as createNetServer } from "node:net";

// src/simulator/handler.ts
import { TLSSocket } from "node:tls";

// src/simulator/faults.ts
var FAULTS = [
  // Refused with a status and an error body.
  "http-400",
  "http-401",
  "http-404",
  "http-429",
  "http-500",
  "http-503",
  /** A 500 whose body is 64 MiB. */
  "huge-error-body",
  // A 200 that is no stream.
  "html-page",
  "json-error",
  /** The whole answer, compressed although the request did not allow it. */
  "gzip",
  /** A 307 to another host. */
  "redirect",
  /** A stream that ends before its first byte. */
  "empty-body",
  /** 1 MiB of headers. */
  "huge-headers",
  /** Another protocol's greeting instead of HTTP. */
  "not-http",
  // Silence: the connection stays open and nothing more is sent.
  "no-answer",
  "silence-after-headers",
  "silence-after-role",
  "silence-after-tokens",
  // Cut: the socket is closed before the body is complete.
  "cut-before-headers",
  "cut-after-role",
  "cut-mid-event",
  /** The same, with a TCP reset. */
  "reset-mid-event",
  /** A clean end of the body, after tokens, without finish reason and terminal mark. */
  "end-without-mark",
  "error-event",
  "malformed-event",
  /** Finishes at once, with no token. */
  "no-token",
  "content-filter",
  "length-stop",
  /** Tokens without end, at the usual pace. */
  "endless-stream",
  /** One event without end, as fast as the client reads. */
  "endless-event"
];
function isFault(name) {
  return FAULTS.some((fault) => fault === name);
}

// src/simulator/asked.ts
var PATHS = [
  [/\/chat\/completions$/, "openai-chat"],
  [/\/completions$/, "openai-completions"],
  [/\/responses$/, "openai-responses"],
  [/\/messages$/, "anthropic-messages"],
  [/\/models\/([^/]+):streamGenerateContent$/, "gemini"],
  [/\/api\/chat$/, "ollama-chat"],
  [/\/model\/([^/]+)\/converse-stream$/, "bedrock-converse"],
  [/\/embeddings$/, "openai-embeddings"],
  [/\/rerank$/, "rerank"]
];
function readAddress(path) {
  for (const [pattern, dialect] of PATHS) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const place = readPlace(path.slice(0, match.index));
    if (place === void 0) return void 0;
    const model = match[1] === void 0 ? {} : { modelInPath: decodeURIComponent(match[1]) };
    return { dialect, ...place, ...model };
  }
  return void 0;
}
function readPlace(prefix) {
  const segments = prefix.split("/").filter((part2) => part2 !== "" && !/^v\d+(beta)?$/.test(part2));
  const [first, second] = segments;
  if (first === void 0) return { version: "main" };
  if (first === "fault" && second !== void 0 && segments.length === 2) {
    return isFault(second) ? { version: "main", fault: second } : void 0;
  }
  return segments.length === 1 ? { version: first } : void 0;
}
var DEFAULT_OUTPUT_TOKENS = 64;
var STREAMS_BY_DEFAULT = /* @__PURE__ */ new Set([
  "gemini",
  "ollama-chat",
  "bedrock-converse"
]);
function readBody(address, body) {
  const prompt = promptText(body);
  const tool = offeredTool(body);
  const items = itemsAsked(address.dialect, body);
  const byDefault = STREAMS_BY_DEFAULT.has(address.dialect);
  return {
    model: address.modelInPath ?? textAt(body, "model") ?? "",
    prompt,
    // About four characters a token: a server's own count is as foreign to the client.
    inputTokens: Math.ceil(prompt.length / 4) + 3,
    maxOutputTokens: items > 0 ? 1 : outputLimit(body) ?? DEFAULT_OUTPUT_TOKENS,
    streams: items > 0 || body.stream === true || byDefault && body.stream !== false,
    usageAsked: usageAsked(address.dialect, body),
    turn: 1 + answersIn(body),
    ...tool === void 0 ? {} : { tool },
    items
  };
}
function itemsAsked(dialect, body) {
  if (dialect === "openai-embeddings") return Math.max(1, listAt(body, "input").length);
  if (dialect !== "rerank") return 0;
  const documents = listAt(body, "documents").length;
  return Math.min(documents, countAt(body, "top_n") ?? documents);
}
function outputLimit(body) {
  return countAt(body, "max_completion_tokens") ?? countAt(body, "max_tokens") ?? countAt(body, "max_output_tokens") ?? countAt(objectAt(body, "generationConfig"), "maxOutputTokens") ?? countAt(objectAt(body, "inferenceConfig"), "maxTokens") ?? countAt(objectAt(body, "options"), "num_predict");
}
function usageAsked(dialect, body) {
  if (dialect !== "openai-chat" && dialect !== "openai-completions") return true;
  return objectAt(body, "stream_options")?.include_usage === true;
}
function messagesOf(body) {
  return ["messages", "input", "contents"].flatMap((member) => listAt(body, member));
}
function answersIn(body) {
  const isAnswer = (message2) => ["assistant", "model"].includes(textAt(message2, "role") ?? "") || textAt(message2, "type") === "function_call";
  const said2 = messagesOf(body);
  return said2.filter((message2, at) => isAnswer(message2) && !isAnswer(said2[at - 1])).length;
}
function offeredTool(body) {
  const last = messagesOf(body).at(-1);
  const isResult = textAt(last, "role") === "tool" || textAt(last, "type") === "function_call_output" || listAt(last, "content").some(isResultBlock) || listAt(last, "parts").some((part2) => objectAt(part2, "functionResponse") !== void 0);
  if (isResult) return void 0;
  const [tool] = [...listAt(body, "tools"), ...listAt(objectAt(body, "toolConfig"), "tools")];
  const [declared] = listAt(tool, "functionDeclarations");
  const named = objectAt(tool, "function") ?? objectAt(tool, "toolSpec");
  return textAt(named ?? declared ?? tool, "name");
}
function isResultBlock(block) {
  return textAt(block, "type") === "tool_result" || objectAt(block, "toolResult") !== void 0;
}
function promptText(body) {
  const alone = [body.prompt, body.system, body.input, body.query].filter(
    (text3) => typeof text3 === "string"
  );
  const system = objectAt(body, "systemInstruction");
  const parts = [
    system,
    ...listAt(body, "system"),
    ...messagesOf(body),
    ...listAt(body, "documents")
  ];
  return [...alone, ...parts.flatMap(textsOf)].join("\n");
}
function textsOf(message2) {
  if (typeof message2 === "string") return [message2];
  if (!isObject(message2)) return [];
  const own = [message2.content, message2.text, message2.output].filter(
    (text3) => typeof text3 === "string"
  );
  const parts = [...listAt(message2, "content"), ...listAt(message2, "parts")];
  const calls = [message2.tool_calls, message2.arguments].filter((call) => call !== void 0);
  return [...own, ...parts.map(partText), ...calls.map((call) => JSON.stringify(call))];
}
function partText(part2) {
  return textAt(part2, "text") ?? textAt(part2, "content") ?? JSON.stringify(part2);
}

// src/simulator/aws-signature.ts
import { createHash as createHash2, createHmac } from "node:crypto";
var ALLOWED_SKEW_MS = 5 * 6e4;
var CREDENTIAL = /Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request/;
function refusedByAws(request, door, nowMs) {
  const said2 = valuesOf(request, "authorization")[0] ?? "";
  if (!said2.startsWith("AWS4-HMAC-SHA256 ")) {
    return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const [, key, day, region, service] = CREDENTIAL.exec(said2) ?? [];
  const names = /SignedHeaders=([^,\s]+)/.exec(said2)?.[1]?.split(";") ?? [];
  const signature = /Signature=([0-9a-f]+)/.exec(said2)?.[1];
  const date = valuesOf(request, "x-amz-date")[0] ?? "";
  if (key === void 0 || signature === void 0 || !names.includes("host")) {
    return refuse("IncompleteSignatureException", "Authorization header is incomplete.");
  }
  if (key !== door.accessKeyId || !isToken(request, door)) {
    const message2 = "The security token included in the request is invalid.";
    return refuse("UnrecognizedClientException", message2);
  }
  if (door.expired === true) {
    const message2 = "The security token included in the request is expired";
    return refuse("ExpiredTokenException", message2);
  }
  if (region !== door.region)
    return invalid(`Credential should be scoped to a valid region, not '${region}'. `);
  if (service !== door.service)
    return invalid(`Credential should be scoped to correct service: '${door.service}'. `);
  const skewMs = Math.abs(nowMs - momentOf(date));
  if (!(skewMs <= ALLOWED_SKEW_MS) || !date.startsWith(day ?? " ")) {
    return invalid(`Signature expired: ${date} is now earlier than the present (- 5 min.)`);
  }
  if (signature === signatureOf(request, { names, date, door })) return void 0;
  return invalid(
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."
  );
}
function refuse(code, message2) {
  return { status: 403, code, message: message2 };
}
function invalid(message2) {
  return refuse("InvalidSignatureException", message2);
}
function isToken(request, { sessionToken }) {
  return (valuesOf(request, "x-amz-security-token")[0] ?? "") === (sessionToken ?? "");
}
function momentOf(date) {
  return Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
function signatureOf(request, { names, date, door }) {
  const scope = [date.slice(0, 8), door.region, door.service, "aws4_request"];
  const hashed = sha256(canonicalRequest(request, names));
  const toSign = ["AWS4-HMAC-SHA256", date, scope.join("/"), hashed].join("\n");
  const key = scope.reduce(
    (before, part2) => createHmac("sha256", before).update(part2).digest(),
    `AWS4${door.secretAccessKey}`
  );
  return createHmac("sha256", key).update(toSign).digest("hex");
}
function canonicalRequest(request, names) {
  const [path = "/", query = ""] = request.path.split(/\?(.*)/s);
  const headers = names.map((name) => {
    const values = valuesOf(request, name).map((value) => value.trim().replaceAll(/ +/g, " "));
    return `${name}:${values.join(",")}
`;
  });
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    headers.join(""),
    names.join(";"),
    sha256(request.body)
  ].join("\n");
}
function canonicalPath(path) {
  const kept = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(encoded(segment));
  }
  const end = kept.length > 0 && /\/\.{0,2}$/.test(path) ? "/" : "";
  return `/${kept.join("/")}${end}`;
}
function canonicalQuery(query) {
  if (query === "") return "";
  return query.split("&").map((pair) => {
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    return [encoded(decodeURIComponent(name)), encoded(decodeURIComponent(value))];
  }).toSorted(([a, x], [b, y]) => a < b || a === b && x < y ? -1 : 1).map((pair) => pair.join("=")).join("&");
}
function encoded(text3) {
  return encodeURIComponent(text3).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  );
}
function valuesOf({ headers }, name) {
  return headers.flatMap(([one, value]) => one.toLowerCase() === name ? [value] : []);
}
function sha256(text3) {
  return createHash2("sha256").update(text3).digest("hex");
}

// src/simulator/speech/anthropic-messages.ts
var anthropicSpeech = {
  contentType: "text/event-stream; charset=utf-8",
  opening(facts) {
    const message2 = {
      id: `msg_${facts.id}`,
      type: "message",
      role: "assistant",
      model: facts.model,
      content: [],
      stop_reason: null,
      usage: inputUsage(facts)
    };
    return typed("message_start", { message: message2 });
  },
  piece(facts, piece) {
    const start = piece.opens ? blockStart(facts, piece) : "";
    return start + typed("content_block_delta", { index: piece.block, delta: delta(piece) });
  },
  ending(_facts, { finish, usage, open: open2 }) {
    const stop = open2 === void 0 ? "" : typed("content_block_stop", { index: open2.block });
    const counted3 = usage === void 0 ? {} : { usage: { output_tokens: usage.outputTokens } };
    const ended3 = { delta: { stop_reason: STOP_WORDS[finish], stop_sequence: null }, ...counted3 };
    return `${stop}${typed("message_delta", ended3)}${typed("message_stop", {})}`;
  },
  error(status, message2) {
    return typed("error", { error: { type: errorType(status), message: message2 } });
  },
  ping: () => typed("ping", {}),
  errorBody(status, message2) {
    return JSON.stringify({ type: "error", error: { type: errorType(status), message: message2 } });
  }
};
function typed(type, data) {
  return encodeSse({ name: type, data: JSON.stringify({ type, ...data }) });
}
function inputUsage(facts) {
  if (!facts.usageAsked) return {};
  return {
    input_tokens: facts.inputTokens - facts.cachedTokens,
    cache_read_input_tokens: facts.cachedTokens,
    cache_creation_input_tokens: 0,
    output_tokens: 1
  };
}
function blockStart(facts, piece) {
  const before = piece.block === 0 ? "" : typed("content_block_stop", { index: piece.block - 1 });
  const block = { index: piece.block, content_block: openingOf(facts, piece) };
  return before + typed("content_block_start", block);
}
function openingOf(facts, { kind }) {
  if (kind === "text") return { type: "text", text: "" };
  if (kind === "reasoning") return { type: "thinking", thinking: "", signature: "" };
  return { type: "tool_use", id: `toolu_${facts.id}`, name: facts.tool, input: {} };
}
function delta({ kind, text: text3 }) {
  if (kind === "text") return { type: "text_delta", text: text3 };
  if (kind === "reasoning") return { type: "thinking_delta", thinking: text3 };
  return { type: "input_json_delta", partial_json: text3 };
}
var STOP_WORDS = {
  stop: "end_turn",
  length: "max_tokens",
  "tool-call": "tool_use",
  "content-filter": "refusal",
  other: "unknown"
};
var ERROR_TYPES = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  429: "rate_limit_error",
  503: "overloaded_error"
};
function errorType(status) {
  return ERROR_TYPES[status] ?? "api_error";
}

// src/simulator/speech/bedrock-converse.ts
var bedrockSpeech = {
  contentType: "application/vnd.amazon.eventstream",
  isBinary: true,
  opening: () => event("messageStart", { role: "assistant" }),
  piece(facts, piece) {
    const start = piece.opens ? blockStart2(facts, piece) : "";
    return start + event("contentBlockDelta", { contentBlockIndex: piece.block, delta: delta2(piece) });
  },
  ending(_facts, { finish, usage, open: open2 }) {
    const stop = open2 === void 0 ? "" : blockStop(open2.block);
    const ended3 = stop + event("messageStop", { stopReason: STOP_WORDS2[finish] });
    if (usage === void 0) return ended3 + event("metadata", { metrics: { latencyMs: 1 } });
    const { inputTokens: all, cachedInputTokens: cached, outputTokens } = usage;
    const counted3 = {
      inputTokens: all - cached,
      outputTokens,
      totalTokens: all + outputTokens,
      cacheReadInputTokens: cached,
      cacheWriteInputTokens: 0
    };
    return ended3 + event("metadata", { usage: counted3, metrics: { latencyMs: 1 } });
  },
  error(status, message2) {
    const name = EXCEPTIONS[status] ?? "internalServerException";
    return bytesOf(encodeEventStream({ name, data: JSON.stringify({ message: message2 }), failed: true }));
  },
  /** AWS sends none; a frame of a kind that nobody knows is passed over all the same. */
  ping: () => event("ping", {}),
  errorBody: (_status, message2) => JSON.stringify({ message: message2 })
};
function event(name, data) {
  return bytesOf(encodeEventStream({ name, data: JSON.stringify({ ...data, p: "abcd" }) }));
}
function bytesOf(frame) {
  return Buffer.from(frame).toString("latin1");
}
function blockStart2({ id, tool }, { block, kind }) {
  const before = block === 0 ? "" : blockStop(block - 1);
  const toolUse = { toolUseId: `tooluse_${id}`, name: tool };
  const start = { contentBlockIndex: block, start: { toolUse } };
  return before + (kind === "tool" ? event("contentBlockStart", start) : "");
}
function blockStop(block) {
  return event("contentBlockStop", { contentBlockIndex: block });
}
function delta2({ kind, text: text3 }) {
  if (kind === "text") return { text: text3 };
  return kind === "reasoning" ? { reasoningContent: { text: text3 } } : { toolUse: { input: text3 } };
}
var STOP_WORDS2 = {
  stop: "end_turn",
  length: "max_tokens",
  "tool-call": "tool_use",
  "content-filter": "content_filtered",
  other: "malformed_model_output"
};
var EXCEPTIONS = {
  400: "validationException",
  424: "modelStreamErrorException",
  429: "throttlingException",
  503: "serviceUnavailableException"
};

// src/simulator/speech/gemini.ts
var geminiSpeech = {
  contentType: "text/event-stream",
  opening: () => "",
  piece: (facts, piece) => partial(facts, { content: { role: "model", parts: [part(facts, piece)] } }, {}),
  ending(facts, { finish, usage }) {
    const counted3 = usage === void 0 ? {} : { usageMetadata: counts(usage) };
    const last = { content: { role: "model", parts: [{ text: "" }] } };
    return partial(facts, { ...last, finishReason: FINISH_WORDS[finish] }, counted3);
  },
  error: (status, message2) => encodeSse({ data: geminiErrorBody(status, message2) }),
  ping: () => ": ping\n\n",
  errorBody: geminiErrorBody
};
function partial(facts, candidate, more) {
  const candidates = [{ ...candidate, index: 0 }];
  const known2 = { modelVersion: facts.model, responseId: facts.id };
  return encodeSse({ data: JSON.stringify({ candidates, ...more, ...known2 }) });
}
function part(facts, { kind, text: text3 }) {
  if (kind === "text") return { text: text3 };
  if (kind === "reasoning") return { text: text3, thought: true };
  return { functionCall: { name: facts.tool, args: { query: text3 } } };
}
var FINISH_WORDS = {
  stop: "STOP",
  length: "MAX_TOKENS",
  "tool-call": "STOP",
  "content-filter": "SAFETY",
  other: "OTHER"
};
function counts(usage) {
  return {
    promptTokenCount: usage.inputTokens,
    cachedContentTokenCount: usage.cachedInputTokens,
    candidatesTokenCount: usage.outputTokens - usage.reasoningTokens,
    thoughtsTokenCount: usage.reasoningTokens,
    totalTokenCount: usage.inputTokens + usage.outputTokens
  };
}
var STATUS_WORDS = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  503: "UNAVAILABLE"
};
function geminiErrorBody(status, message2) {
  const word3 = STATUS_WORDS[status] ?? "INTERNAL";
  return JSON.stringify({ error: { code: status, message: message2, status: word3 } });
}

// src/simulator/speech/openai-chat.ts
var CREATED = 1767225600;
var openaiChatSpeech = {
  contentType: "text/event-stream; charset=utf-8",
  opening: (facts) => `${head(facts)}{"role":"assistant","content":""}${TAIL2}`,
  piece: (facts, piece) => `${head(facts)}${delta3(facts, piece)}${TAIL2}`,
  ending(facts, { finish, usage }) {
    const reason = FINISH_WORDS2[finish];
    const end = `${head(facts)}{},"logprobs":null,"finish_reason":"${reason}"}]}

`;
    return `${end}${usageChunk(facts, usage)}data: [DONE]

`;
  },
  error: (status, message2) => `data: ${openaiErrorBody(status, message2)}

`,
  ping: () => ": ping\n\n",
  errorBody: openaiErrorBody
};
var TAIL2 = ',"logprobs":null,"finish_reason":null}]}\n\n';
var FINISH_WORDS2 = {
  stop: "stop",
  length: "length",
  "tool-call": "tool_calls",
  "content-filter": "content_filter",
  other: "unknown"
};
function head(facts) {
  return `data: {${chunkStart(facts, "chat.completion.chunk")},"choices":[{"index":0,"delta":`;
}
function chunkStart(facts, object) {
  const model = JSON.stringify(facts.model);
  return `"id":"chatcmpl-${facts.id}","object":"${object}","created":${CREATED},"model":${model}`;
}
function delta3(facts, piece) {
  const text3 = JSON.stringify(piece.text);
  if (piece.kind === "text") return `{"content":${text3}}`;
  if (piece.kind === "reasoning") return `{"reasoning_content":${text3}}`;
  const opening2 = piece.opens ? `"id":"call_${facts.id}","type":"function",` : "";
  const name = piece.opens ? `"name":${JSON.stringify(facts.tool)},` : "";
  return `{"tool_calls":[{"index":0,${opening2}"function":{${name}"arguments":${text3}}}]}`;
}
function usageChunk(facts, usage) {
  if (usage === void 0 || !facts.usageAsked) return "";
  const start = chunkStart(facts, "chat.completion.chunk");
  return `data: {${start},"choices":[],"usage":${openaiUsage(usage)}}

`;
}
function openaiUsage(usage) {
  return JSON.stringify({
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens }
  });
}
var TYPES = {
  400: "invalid_request_error",
  401: "authentication_error",
  404: "not_found_error",
  429: "rate_limit_error"
};
function openaiErrorBody(status, message2) {
  return JSON.stringify({
    error: { message: message2, type: TYPES[status] ?? "server_error", param: null, code: status }
  });
}

// src/simulator/speech/items.ts
var DIMENSIONS = 64;
var openaiEmbeddingsSpeech = itemsSpeech({
  member: "data",
  item: (index) => `{"object":"embedding","index":${index},"embedding":[${vector(index)}]}`
});
var rerankSpeech = itemsSpeech({
  member: "results",
  item: (index) => `{"index":${index},"relevance_score":${(1 / (index + 1)).toFixed(6)}}`
});
function itemsSpeech(of) {
  const beginning = (id) => `{"id":${JSON.stringify(id)},"object":"list","${of.member}":[`;
  return {
    contentType: "application/json",
    opening: () => "",
    // Only a script asks for a second piece, or a fault for half of one.
    piece: (facts, { opens, text: text3 }) => opens ? beginning(`${facts.id}${text3}`) : `${JSON.stringify(text3)},`,
    ending(facts, { usage, open: open2 }) {
      const items = open2 === void 0 ? [] : Array.from({ length: facts.items }, (_, i) => of.item(i));
      const begun2 = open2 === void 0 ? beginning(facts.id) : "";
      return `${begun2}${items.join(",")}],"model":${JSON.stringify(facts.model)}${counted(usage)}}`;
    },
    error: openaiErrorBody,
    ping: () => " ",
    errorBody: openaiErrorBody
  };
}
function counted(usage) {
  if (usage === void 0) return "";
  const { inputTokens } = usage;
  return `,"usage":{"prompt_tokens":${inputTokens},"total_tokens":${inputTokens}}`;
}
function vector(seed) {
  return Array.from({ length: DIMENSIONS }, (_, i) => Math.sin(seed * 31 + i).toFixed(9)).join(",");
}

// src/simulator/speech/ollama-chat.ts
var ollamaSpeech = {
  contentType: "application/x-ndjson",
  opening: () => "",
  piece: (facts, piece) => line(facts, { message: message(facts, piece), done: false }),
  ending(facts, { finish, usage }) {
    const counted3 = usage === void 0 ? {} : { prompt_eval_count: usage.inputTokens, eval_count: usage.outputTokens };
    const last = { message: { role: "assistant", content: "" }, done: true };
    return line(facts, { ...last, done_reason: DONE_WORDS[finish], ...counted3 });
  },
  error: (_status, text3) => encodeNdjson(JSON.stringify({ error: text3 })),
  // The dialect has no ping; an empty line is what a proxy would add.
  ping: () => "\n",
  errorBody: (_status, text3) => JSON.stringify({ error: text3 })
};
function line(facts, more) {
  const known2 = { model: facts.model, created_at: "2026-01-01T00:00:00Z" };
  return encodeNdjson(JSON.stringify({ ...known2, ...more }));
}
function message(facts, { kind, text: text3 }) {
  const role = "assistant";
  if (kind === "text") return { role, content: text3 };
  if (kind === "reasoning") return { role, content: "", thinking: text3 };
  const call = { function: { name: facts.tool, arguments: { query: text3 } } };
  return { role, content: "", tool_calls: [call] };
}
var DONE_WORDS = {
  stop: "stop",
  length: "length",
  "tool-call": "stop",
  "content-filter": "unknown",
  other: "unload"
};

// src/simulator/speech/openai-completions.ts
var openaiCompletionsSpeech = {
  contentType: "text/event-stream; charset=utf-8",
  opening: () => "",
  piece: (facts, piece) => chunk(facts, piece.text, "null"),
  ending(facts, { finish, usage }) {
    const start = chunkStart(facts, "text_completion");
    const counted3 = usage === void 0 || !facts.usageAsked ? "" : `data: {${start},"choices":[],"usage":${openaiUsage(usage)}}

`;
    return `${chunk(facts, "", `"${FINISH_WORDS2[finish]}"`)}${counted3}data: [DONE]

`;
  },
  error: (status, message2) => `data: ${openaiErrorBody(status, message2)}

`,
  ping: () => ": ping\n\n",
  errorBody: openaiErrorBody
};
function chunk(facts, text3, finish) {
  const choice = `{"index":0,"text":${JSON.stringify(text3)},"logprobs":null,"finish_reason":${finish}}`;
  return `data: {${chunkStart(facts, "text_completion")},"choices":[${choice}]}

`;
}

// src/simulator/speech/openai-responses.ts
var openaiResponsesSpeech = {
  contentType: "text/event-stream; charset=utf-8",
  opening(facts) {
    const begun2 = response(facts, "in_progress", {});
    return typed2("response.created", { response: begun2 }) + typed2("response.in_progress", { response: begun2 });
  },
  piece: (facts, piece) => (piece.opens ? opened(facts, piece) : "") + delta4(facts, piece),
  ending(facts, ending) {
    if (ending.finish === "length" || ending.finish === "content-filter") {
      const reason = ending.finish === "length" ? "max_output_tokens" : "content_filter";
      const more = { ...ended2(facts, ending), incomplete_details: { reason } };
      return typed2("response.incomplete", { response: response(facts, "incomplete", more) });
    }
    const done = response(facts, "completed", ended2(facts, ending));
    return typed2("response.completed", { response: done });
  },
  error(_status, message2) {
    const error = { code: "server_error", message: message2 };
    return typed2("response.failed", { response: { object: "response", status: "failed", error } });
  },
  ping: () => ": ping\n\n",
  errorBody: openaiErrorBody
};
function typed2(type, data) {
  return encodeSse({ name: type, data: JSON.stringify({ type, ...data }) });
}
function response(facts, status, more) {
  return { id: `resp_${facts.id}`, object: "response", status, model: facts.model, ...more };
}
function itemId(facts, piece) {
  return `item_${facts.id}_${piece.block}`;
}
function opened(facts, piece) {
  const at = { output_index: piece.block };
  const item = {
    id: itemId(facts, piece),
    type: ITEM_TYPES[piece.kind],
    ...piece.kind === "tool" ? { name: facts.tool, call_id: `call_${facts.id}`, arguments: "" } : {}
  };
  const added = typed2("response.output_item.added", { ...at, item });
  if (piece.kind !== "text") return added;
  const part2 = { type: "output_text", text: "", annotations: [] };
  const place = { ...at, item_id: item.id, content_index: 0, part: part2 };
  return added + typed2("response.content_part.added", place);
}
var ITEM_TYPES = { text: "message", reasoning: "reasoning", tool: "function_call" };
var DELTA_TYPES = {
  text: "response.output_text.delta",
  reasoning: "response.reasoning_text.delta",
  tool: "response.function_call_arguments.delta"
};
function delta4(facts, piece) {
  const place = { item_id: itemId(facts, piece), output_index: piece.block, content_index: 0 };
  return typed2(DELTA_TYPES[piece.kind], { ...place, delta: piece.text });
}
function ended2(facts, { finish, usage, open: open2 }) {
  const called = { type: "function_call", id: `item_${facts.id}_${open2?.block ?? 0}` };
  const output2 = finish === "tool-call" ? [called] : [{ type: "message", role: "assistant" }];
  return { output: output2, usage: usage === void 0 ? void 0 : counted2(usage) };
}
function counted2(usage) {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens
  };
}

// src/simulator/speech/speech.ts
var SPEECHES = {
  "openai-chat": openaiChatSpeech,
  "openai-completions": openaiCompletionsSpeech,
  "openai-responses": openaiResponsesSpeech,
  "anthropic-messages": anthropicSpeech,
  gemini: geminiSpeech,
  "ollama-chat": ollamaSpeech,
  "bedrock-converse": bedrockSpeech,
  "openai-embeddings": openaiEmbeddingsSpeech,
  rerank: rerankSpeech
};

// src/simulator/control.ts
function readControl(body) {
  const change = jsonOrNothing(body);
  checkChange(change, "the body");
  return change;
}
function checkTold(told) {
  const { profile, behaviour, script } = told;
  if (profile !== void 0) oneOf(Object.keys(PROFILES))(profile, "profile");
  if (behaviour !== void 0) checkBehaviour(behaviour, "behaviour");
  if (script !== void 0) checkScript(script, "script");
}
var amount = (value, at) => {
  if (typeof value !== "number" || !(value >= 0)) refuse2(at, value, "a number of at least 0");
};
var text2 = (value, at) => {
  if (typeof value !== "string") refuse2(at, value, "a text");
};
var word = (value, at) => {
  if (typeof value !== "string" || !/^[a-z][a-z0-9-]*$/.test(value)) {
    refuse2(at, value, "a word of small letters, digits and hyphens");
  }
};
var yesOrNo = (value, at) => {
  if (typeof value !== "boolean") refuse2(at, value, "true or false");
};
function oneOf(legal) {
  return (value, at) => {
    if (!legal.some((one) => one === value)) refuse2(at, value, anyOf(legal));
  };
}
function listOf(each) {
  return (value, at) => {
    if (!Array.isArray(value)) refuse2(at, value, "a list");
    for (const [i, item] of value.entries()) each(item, `${at}[${i}]`);
  };
}
function tableOf(each) {
  return (value, at) => {
    if (!isObject(value)) refuse2(at, value, "an object");
    for (const [name, member] of Object.entries(value)) {
      const check = typeof each === "function" ? each : each[name];
      if (check === void 0) refuse2(`a member of ${at}`, name, anyOf(Object.keys(each)));
      check(member, `${at}.${name}`);
    }
  };
}
var share = (value, at) => {
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    refuse2(at, value, "a number from 0 to 1");
  }
};
var BEHAVIOUR = {
  ...amounts(HEALTHY),
  ttftMedianByTextMs: tableOf(amount),
  usage: oneOf(["on", "off", "wrong"]),
  ignoresOutputLimit: yesOrNo,
  says: oneOf(["words", "json"]),
  callsTools: yesOrNo,
  wrongShare: share,
  lineEnd: oneOf(["\n", "\r\n", "\r"]),
  splitUtf8: yesOrNo,
  faults: tableOf(Object.fromEntries(FAULTS.map((fault) => [fault, share])))
};
var checkBehaviour = tableOf(BEHAVIOUR);
function amounts(members2) {
  const checks = Object.keys(members2).map((name) => [name, amount]);
  return Object.fromEntries(checks);
}
var SCRIPTED = {
  roleDelayMs: amount,
  firstTokenMs: amount,
  gapsMs: listOf(amount),
  tokens: amount,
  reasoningTokens: amount,
  tool: yesOrNo,
  wrong: yesOrNo,
  finish: oneOf(Object.keys(FINISH_WORDS2)),
  cachedTokens: amount,
  fault: oneOf(FAULTS),
  afterTokens: amount,
  retryAfterS: amount,
  redirectTo: text2,
  when: text2
};
var checkScript = listOf(tableOf(SCRIPTED));
var CHANGE = {
  version: word,
  profile: oneOf(Object.keys(PROFILES)),
  behaviour: checkBehaviour,
  run: amount,
  script: checkScript,
  forget: listOf(oneOf(["script", "cache", "log"]))
};
var checkChange = tableOf(CHANGE);
function anyOf(legal) {
  return `one of ${legal.map((word3) => JSON.stringify(word3)).join(", ")}`;
}
function refuse2(at, value, legal) {
  const found = JSON.stringify(value) ?? "nothing";
  throw new GateError("usage", `simulator: ${at} cannot be ${found}.`, `It must be ${legal}.`);
}

// src/simulator/deliver.ts
import { gzipSync } from "node:zlib";

// src/simulator/served-log.ts
var OFFSET_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();
function machineClockMs() {
  return OFFSET_MS + performance.now();
}
var MOST_SERVED = 2e5;
var ServedLog = class {
  #served = [];
  #next = 0;
  add(entry) {
    const served = { ...entry, index: this.#next };
    this.#next += 1;
    this.#served.push(served);
    if (this.#served.length > MOST_SERVED) this.#served = this.#served.slice(MOST_SERVED / 2);
    return served;
  }
  clear() {
    this.#served = [];
  }
  all() {
    return this.#served;
  }
};

// src/simulator/deliver.ts
var EARLY_MS = 0.05;
function deliver(delivery, to) {
  new Player(delivery, to).play(to.done);
}
var Player = class {
  #delivery;
  #writes;
  #encoding;
  #response;
  #served;
  #startMs;
  #next = 0;
  #repeated = 0;
  #timer;
  constructor(delivery, to) {
    this.#delivery = delivery;
    this.#encoding = delivery.isBinary === true ? "latin1" : "utf8";
    this.#writes = delivery.compressed ? this.#compressed() : delivery.writes;
    this.#response = to.response;
    this.#served = to.served;
    this.#startMs = to.startMs;
  }
  play(done) {
    this.#served.serviceMs = this.#startMs;
    this.#response.once("close", () => {
      clearTimeout(this.#timer);
      if (this.#served.endMs === void 0) this.#served.clientClosedMs = machineClockMs();
      done();
    });
    this.#step();
  }
  /** Sends what is due, then waits for what is next. */
  #step() {
    const sinceMs = machineClockMs() - this.#startMs + EARLY_MS;
    const { headersAtMs } = this.#delivery;
    if (headersAtMs !== void 0 && headersAtMs > sinceMs) {
      this.#wait(headersAtMs - sinceMs);
      return;
    }
    const opens = headersAtMs !== void 0 && !this.#response.headersSent;
    if (opens) this.#setHeaders();
    let write3 = this.#writes[this.#next];
    while (write3 !== void 0 && write3.atMs <= sinceMs) {
      this.#send(write3);
      this.#next += 1;
      write3 = this.#writes[this.#next];
    }
    if (opens) this.#response.flushHeaders();
    if (write3 === void 0) this.#end();
    else this.#wait(write3.atMs - sinceMs);
  }
  #wait(delayMs) {
    this.#timer = setTimeout(() => this.#step(), Math.max(1, Math.ceil(delayMs)));
  }
  #setHeaders() {
    this.#served.status = this.#delivery.status;
    this.#served.headersMs = machineClockMs();
    this.#response.writeHead(this.#delivery.status, this.#delivery.headers);
  }
  #send(write3) {
    if (write3.bytes.length === 0) return;
    const now = machineClockMs();
    this.#write(write3.bytes);
    if (this.#delivery.status !== 200) return;
    if (write3.tokens === 0 && this.#served.firstTokenMs === void 0) {
      this.#served.openingMs ??= now;
    }
    if (write3.tokens > 0) this.#served.firstTokenMs ??= now;
    for (let i = 0; i < write3.tokens; i += 1) this.#served.tokensMs.push(now);
  }
  #write(bytes) {
    return this.#response.write(bytes, this.#encoding);
  }
  #compressed() {
    const { writes } = this.#delivery;
    const parts = writes.map(
      ({ bytes: bytes2 }) => typeof bytes2 === "string" ? Buffer.from(bytes2, this.#encoding) : bytes2
    );
    const tokens = writes.reduce((sum, write3) => sum + write3.tokens, 0);
    const bytes = gzipSync(Buffer.concat(parts));
    return [{ atMs: writes.at(-1)?.atMs ?? 0, bytes, tokens }];
  }
  #end() {
    const { ending } = this.#delivery;
    if (ending.kind === "repeat") this.#repeat(ending);
    if (ending.kind === "silence" || ending.kind === "repeat") return;
    this.#served.endMs = machineClockMs();
    if (ending.kind === "end") this.#response.end();
    else setImmediate(() => close(this.#response.socket, ending));
  }
  #repeat(ending) {
    if (this.#response.destroyed) return;
    if (this.#repeated >= ending.times) {
      this.#served.endMs = machineClockMs();
      this.#response.end();
      return;
    }
    this.#repeated += 1;
    const takesMore = this.#write(ending.bytes);
    const again = () => this.#repeat(ending);
    if (ending.gapMs > 0) this.#timer = setTimeout(again, ending.gapMs);
    else if (takesMore) setImmediate(again);
    else this.#response.once("drain", again);
  }
};
function close(socket, how) {
  if (how.kind === "reset") socket?.resetAndDestroy();
  if (how.kind === "raw") socket?.write(how.bytes);
  socket?.destroySoon();
}

// src/simulator/answer-text.ts
var WORDS2 = ["The", " answer", " is", " naïve", " but", " 完成", " and", " ok", " 🙂", " so", "."];
var NONSENSE = ["Lorem", " ipsum"];
var RIGHT_JSON = '{"city":"Orléans","people":116617}';
var ARGUMENTS = '{"query":"naïve 完成"}';
var WRONG_JSON = '{"city":"Orléans","people":"many"}';
function piecesOf(plan2) {
  const pieces = [];
  const visible2 = plan2.tokensAtMs.length - plan2.reasoningTokens;
  for (let i = 0; i < plan2.tokensAtMs.length; i += 1) {
    const kind = i < plan2.reasoningTokens ? "reasoning" : plan2.tool ? "tool" : "text";
    const before = pieces[i - 1];
    const opens = before?.kind !== kind;
    const block = before === void 0 ? 0 : before.block + (opens ? 1 : 0);
    const text3 = kind === "reasoning" ? word2(plan2, i) : visibleWord(plan2, { at: i - plan2.reasoningTokens, of: visible2, i });
    pieces.push({ kind, text: text3, block, opens });
  }
  return pieces;
}
function visibleWord(plan2, { at, of, i }) {
  if (plan2.tool) return slice(ARGUMENTS, at, of);
  if (plan2.says === "json") return slice(plan2.wrong ? WRONG_JSON : RIGHT_JSON, at, of);
  return word2(plan2, i);
}
function visibleText(plan2) {
  const said2 = piecesOf(plan2).filter(({ kind }) => kind === "text");
  return said2.map(({ text: text3 }) => text3).join("");
}
function word2({ wrong }, i) {
  const words = wrong ? NONSENSE : WORDS2;
  return words[i % words.length] ?? "";
}
function slice(document, at, of) {
  const size = Math.ceil(document.length / of);
  const from = at * size;
  return at === of - 1 ? document.slice(from) || " " : document.slice(from, from + size) || " ";
}

// src/simulator/delivery.ts
function refusal(speech, why) {
  const { status, message: message2, retryAfterS, code } = why;
  const headers = {
    ...retryAfterS === void 0 ? {} : { "retry-after": String(retryAfterS) },
    ...code === void 0 ? {} : { "x-amzn-errortype": code }
  };
  return plainBody(status, "application/json", { body: speech.errorBody(status, message2), headers });
}
function plainBody(status, contentType, content) {
  return {
    status,
    headers: { "content-type": contentType, ...content.headers },
    headersAtMs: 0,
    writes: [{ atMs: 0, bytes: content.body, tokens: 0 }],
    ending: { kind: "end" },
    compressed: false
  };
}
function takeApart(answer2) {
  const { plan: plan2, speech, facts } = answer2;
  const pieces = piecesOf(plan2);
  const opening2 = { atMs: plan2.roleAtMs, bytes: speech.opening(facts), tokens: 0 };
  const tokens = pieces.map((piece, i) => ({
    atMs: plan2.tokensAtMs[i] ?? 0,
    bytes: speech.piece(facts, piece),
    tokens: 1
  }));
  const whole = {
    status: 200,
    headers: { "content-type": speech.contentType, "cache-control": "no-cache" },
    headersAtMs: plan2.roleAtMs,
    writes: [opening2, ...tokens, endingWrite(answer2, pieces)],
    ending: { kind: "end" },
    compressed: false,
    ...speech.isBinary === void 0 ? {} : { isBinary: speech.isBinary }
  };
  return { ...answer2, opening: opening2, tokens, pieces, whole };
}
function endingWrite(answer2, pieces, finish = answer2.plan.finish) {
  const { plan: plan2, speech, facts, behaviour } = answer2;
  const usage = usageOf2(plan2, behaviour.usage, pieces.length);
  const open2 = pieces.at(-1);
  const ending = {
    finish: plan2.tool && finish === "stop" ? "tool-call" : finish,
    ...usage === void 0 ? {} : { usage },
    ...open2 === void 0 ? {} : { open: open2 }
  };
  const atMs = plan2.tokensAtMs[pieces.length - 1] ?? plan2.roleAtMs;
  return { atMs, bytes: speech.ending(facts, ending), tokens: 0 };
}
function usageOf2(plan2, how, tokens) {
  if (how === "off") return void 0;
  return {
    source: "server",
    inputTokens: plan2.inputTokens,
    cachedInputTokens: plan2.cachedTokens,
    // Wrong enough for a client that counts to notice.
    outputTokens: how === "wrong" ? tokens * 2 + 7 : tokens,
    reasoningTokens: Math.min(plan2.reasoningTokens, tokens)
  };
}

// src/simulator/write-style.ts
function styled(delivery, answer2) {
  const { lineEnd, coalesce, splitUtf8, pingEvery } = answer2.behaviour;
  let writes = delivery.writes;
  if (pingEvery > 0) writes = pinged(writes, pingEvery, answer2.speech.ping());
  if (coalesce > 1) writes = coalesced(writes, coalesce);
  if (lineEnd !== "\n" && !delivery.isBinary)
    writes = writes.map((write3) => withLineEnd(write3, lineEnd));
  if (splitUtf8 && !delivery.isBinary) writes = writes.flatMap(splitInsideCharacter);
  return writes === delivery.writes ? delivery : { ...delivery, writes };
}
function pinged(writes, every, ping2) {
  let tokens = 0;
  let beforeMs = 0;
  return writes.flatMap((write3) => {
    const atMs = (beforeMs + write3.atMs) / 2;
    beforeMs = write3.atMs;
    if (write3.tokens === 0) return [write3];
    tokens += 1;
    return tokens % every === 0 ? [{ atMs, bytes: ping2, tokens: 0 }, write3] : [write3];
  });
}
function coalesced(writes, most) {
  const result = [];
  for (const write3 of writes) {
    const last = result.at(-1);
    if (last !== void 0 && last.tokens > 0 && write3.tokens > 0 && last.tokens < most) {
      const bytes = `${last.bytes}${write3.bytes}`;
      result[result.length - 1] = { ...write3, bytes, tokens: last.tokens + write3.tokens };
    } else {
      result.push(write3);
    }
  }
  return result;
}
function withLineEnd(write3, lineEnd) {
  return typeof write3.bytes === "string" ? { ...write3, bytes: write3.bytes.replaceAll("\n", lineEnd) } : write3;
}
function splitInsideCharacter(write3) {
  const bytes = typeof write3.bytes === "string" ? new TextEncoder().encode(write3.bytes) : write3.bytes;
  const inside = bytes.findLastIndex((byte) => (byte & 192) === 128);
  if (inside === -1) return [write3];
  const before = { ...write3, bytes: bytes.subarray(0, inside), tokens: 0 };
  return [before, { ...write3, atMs: write3.atMs + 1, bytes: bytes.subarray(inside) }];
}

// src/simulator/disturbance.ts
function composeDelivery(answer2) {
  const parts = takeApart(answer2);
  const { fault } = answer2.plan;
  return styled(fault === void 0 ? parts.whole : DISTURBED[fault](parts), answer2);
}
var MEBIBYTE = 1 << 20;
var FILLER = "x".repeat(64 * 1024);
var HTML = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>Sign in.</body></html>\n";
var DISTURBED = {
  "http-400": (parts) => refused(parts, 400),
  "http-401": (parts) => refused(parts, 401),
  "http-404": (parts) => refused(parts, 404),
  "http-429": (parts) => refused(parts, 429),
  "http-500": (parts) => refused(parts, 500),
  "http-503": (parts) => refused(parts, 503),
  "huge-error-body": (parts) => ({
    ...refused(parts, 500),
    ending: { kind: "repeat", bytes: FILLER, gapMs: 0, times: 64 * MEBIBYTE / FILLER.length }
  }),
  "html-page": () => plainBody(200, "text/html; charset=utf-8", { body: HTML }),
  "json-error": ({ speech }) => plainBody(200, "application/json", { body: speech.errorBody(500, "the backend failed") }),
  gzip: ({ whole }) => ({
    ...whole,
    headers: { ...whole.headers, "content-encoding": "gzip" },
    compressed: true
  }),
  redirect: ({ plan: plan2, elsewhere: elsewhere2 }) => plainBody(307, "text/plain", {
    body: "moved\n",
    headers: { location: plan2.redirectTo ?? elsewhere2 }
  }),
  "empty-body": ({ whole }) => ({ ...whole, writes: [] }),
  "huge-headers": ({ whole }) => ({
    ...whole,
    headers: { ...whole.headers, "x-filler": "x".repeat(MEBIBYTE) }
  }),
  "not-http": ({ whole }) => ({
    ...withoutHeaders(whole),
    ending: { kind: "raw", bytes: "SSH-2.0-OpenSSH_9.6\r\n" }
  }),
  "no-answer": ({ whole }) => ({ ...withoutHeaders(whole), ending: { kind: "silence" } }),
  "silence-after-headers": ({ whole }) => ({ ...whole, writes: [], ending: { kind: "silence" } }),
  "silence-after-role": ({ whole, opening: opening2 }) => ({
    ...whole,
    writes: [opening2],
    ending: { kind: "silence" }
  }),
  "silence-after-tokens": (parts) => ({
    ...parts.whole,
    writes: begun(parts),
    ending: { kind: "silence" }
  }),
  "cut-before-headers": ({ whole }) => ({ ...withoutHeaders(whole), ending: { kind: "cut" } }),
  "cut-after-role": ({ whole, opening: opening2 }) => ({
    ...whole,
    writes: [opening2],
    ending: { kind: "cut" }
  }),
  "cut-mid-event": (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), halfAToken(parts)],
    ending: { kind: "cut" }
  }),
  "reset-mid-event": (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), halfAToken(parts)],
    ending: { kind: "reset" }
  }),
  "end-without-mark": (parts) => ({ ...parts.whole, writes: begun(parts) }),
  "error-event": (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), next(parts, parts.speech.error(500, "the model crashed"))]
  }),
  "malformed-event": (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), next(parts, halfAnEvent(parts)), ...parts.whole.writes.slice(-1)]
  }),
  "no-token": (parts) => ({
    ...parts.whole,
    writes: [parts.opening, endingWrite(parts, [], "stop")]
  }),
  "content-filter": (parts) => {
    const sent = parts.pieces.slice(0, parts.plan.afterTokens);
    return {
      ...parts.whole,
      writes: [...begun(parts), endingWrite(parts, sent, "content-filter")]
    };
  },
  "length-stop": (parts) => ({
    ...parts.whole,
    writes: [...parts.whole.writes.slice(0, -1), endingWrite(parts, parts.pieces, "length")]
  }),
  "endless-stream": (parts) => ({
    ...parts.whole,
    writes: [parts.opening, ...parts.tokens],
    ending: {
      kind: "repeat",
      bytes: parts.speech.piece(parts.facts, {
        kind: "text",
        text: " more",
        block: 0,
        opens: false
      }),
      gapMs: Math.max(1, parts.behaviour.tokenGapMs),
      times: 1e6
    }
  }),
  "endless-event": (parts) => ({
    ...parts.whole,
    writes: [...begun(parts), halfAToken(parts)],
    ending: { kind: "repeat", bytes: FILLER, gapMs: 0, times: 512 * MEBIBYTE / FILLER.length }
  })
};
function refused({ speech, plan: plan2 }, status) {
  const message2 = `refused with ${status} as scripted`;
  const retry = status === 429 ? { retryAfterS: plan2.retryAfterS } : {};
  return refusal(speech, { status, message: message2, ...retry });
}
function withoutHeaders({ headersAtMs = 0, ...whole }) {
  return { ...whole, writes: [{ atMs: headersAtMs, bytes: "", tokens: 0 }] };
}
function begun({ opening: opening2, tokens, plan: plan2 }) {
  return [opening2, ...tokens.slice(0, plan2.afterTokens)];
}
function next({ plan: plan2 }, bytes) {
  const last = plan2.tokensAtMs.at(-1) ?? plan2.roleAtMs;
  return { atMs: plan2.tokensAtMs[plan2.afterTokens] ?? last, bytes, tokens: 0 };
}
function halfAToken(parts) {
  const { speech, facts } = parts;
  const text3 = speech.piece(facts, { kind: "text", text: "unfinished", block: 0, opens: false });
  return next(parts, text3.slice(0, text3.indexOf("unfinished") + 5));
}
function halfAnEvent(parts) {
  return `${halfAToken(parts).bytes}

`;
}

// src/simulator/server-numbers.ts
function noNumbers() {
  return {
    running: 0,
    waiting: 0,
    kvCacheUse: 0,
    served: 0,
    queueMs: 0,
    prefillMs: 0,
    prefixQueries: 0,
    prefixHits: 0
  };
}
function metricsText(numbers) {
  const { served, queueMs, prefillMs } = numbers;
  return [
    ...gauge("num_requests_running", "Requests that are served.", numbers.running),
    ...gauge("num_requests_waiting", "Requests that wait for a place.", numbers.waiting),
    ...gauge("kv_cache_usage_perc", "Share of the places in use.", numbers.kvCacheUse),
    ...histogram("request_queue_time_seconds", "Time before service.", [queueMs, served]),
    ...histogram("request_prefill_time_seconds", "Service to first token.", [prefillMs, served]),
    ...counter("prefix_cache_queries", "Prompt tokens looked for.", numbers.prefixQueries),
    ...counter("prefix_cache_hits", "Prompt tokens found.", numbers.prefixHits),
    ...counter("num_preemptions", "Requests that lost their place.", 0),
    ""
  ].join("\n");
}
var LABELS = '{engine="0",model_name="simulated"}';
function gauge(name, help, value) {
  return [...head2(name, help, "gauge"), `vllm:${name}${LABELS} ${value}`];
}
function counter(name, help, value) {
  return [...head2(name, help, "counter"), `vllm:${name}_total${LABELS} ${value}`];
}
function histogram(name, help, [ms, count]) {
  return [
    ...head2(name, help, "histogram"),
    `vllm:${name}_bucket{engine="0",le="+Inf",model_name="simulated"} ${count}`,
    `vllm:${name}_count${LABELS} ${count}`,
    `vllm:${name}_sum${LABELS} ${ms / 1e3}`
  ];
}
function head2(name, help, type) {
  return [`# HELP vllm:${name} ${help}`, `# TYPE vllm:${name} ${type}`];
}

// src/simulator/draw.ts
var { cos, exp, imul, log, PI, sqrt } = Math;
function drawFrom(...key) {
  let state = hashText(key.join("/"));
  function uniform() {
    state = state + 1831565813 | 0;
    let t = imul(state ^ state >>> 15, state | 1);
    t ^= t + imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  }
  return {
    uniform,
    logNormal(sigma) {
      if (sigma === 0) return 1;
      const radius = sqrt(-2 * log(1 - uniform()));
      return exp(sigma * radius * cos(2 * PI * uniform()));
    },
    pareto: (shape) => (1 - uniform()) ** (-1 / shape)
  };
}
function hashText(text3) {
  let hash = 2166136261;
  for (let i = 0; i < text3.length; i += 1) hash = imul(hash ^ text3.charCodeAt(i), 16777619);
  return hash;
}

// src/simulator/behaviour.ts
function planAnswer(behaviour, asked, at) {
  const script = at.script ?? {};
  const draw = drawFrom(at.seed, at.version, at.run, at.index);
  const effect = runEffect(behaviour, at);
  const late = behaviour.lateFrom > 0 && at.index >= behaviour.lateFrom ? behaviour.lateFactor : 1;
  const cachedTokens2 = script.cachedTokens ?? asked.cachedTokens;
  const turn = asked.turn > 1 ? behaviour.laterTurnFactor : 1;
  const drawnMs = timeToFirstToken(behaviour, { ...asked, cachedTokens: cachedTokens2 }, draw) * effect * late * turn;
  const firstTokenMs = script.firstTokenMs ?? Math.min(drawnMs, behaviour.longestTtftMs);
  const tokens = script.tokens ?? answerLength(behaviour, asked.maxOutputTokens);
  const gapsMs = script.gapsMs;
  const gap = (i) => gapsMs === void 0 ? behaviour.tokenGapMs * effect * draw.logNormal(behaviour.tokenGapSigma) : gapsMs[Math.min(i, gapsMs.length - 1)] ?? 0;
  return {
    roleAtMs: script.roleDelayMs ?? firstTokenMs * behaviour.roleShare,
    tokensAtMs: tokenTimes(firstTokenMs, tokens, gap),
    reasoningTokens: Math.min(script.reasoningTokens ?? behaviour.reasoningTokens, tokens),
    tool: script.tool ?? (behaviour.callsTools && asked.tool !== void 0),
    toolName: asked.tool ?? "lookup",
    says: behaviour.says,
    wrong: script.wrong ?? isWrong(behaviour, at),
    finish: script.finish ?? (tokens >= asked.maxOutputTokens ? "length" : "stop"),
    fault: script.fault ?? drawFault(behaviour.faults, draw),
    afterTokens: script.afterTokens ?? 3,
    retryAfterS: script.retryAfterS ?? 1,
    redirectTo: script.redirectTo,
    inputTokens: asked.inputTokens,
    cachedTokens: cachedTokens2
  };
}
function isWrong({ wrongShare }, at) {
  if (wrongShare === 0) return false;
  return drawFrom(at.seed, at.version, at.run, at.index, "says").uniform() < wrongShare;
}
function runEffect(behaviour, at) {
  if (behaviour.drift > 0) return behaviour.drift;
  return drawFrom(at.seed, at.version, at.run, "run").logNormal(behaviour.driftSigma);
}
function timeToFirstToken(behaviour, asked, draw) {
  const inTail = draw.uniform() < behaviour.tailShare;
  const factor = inTail ? behaviour.tailStart * draw.pareto(behaviour.tailShape) : draw.logNormal(behaviour.ttftSigma);
  const cachedShare = asked.inputTokens === 0 ? 0 : asked.cachedTokens / asked.inputTokens;
  return medianMs(behaviour, asked) * factor * (1 - behaviour.cacheSaving * cachedShare);
}
function medianMs(behaviour, asked) {
  const stated = Object.entries(behaviour.ttftMedianByTextMs);
  const found = stated.find(([text3]) => asked.prompt.includes(text3));
  if (found !== void 0) return found[1];
  return behaviour.ttftMedianMs + behaviour.ttftPerInputTokenMs * asked.inputTokens;
}
function answerLength(behaviour, maxOutputTokens) {
  const wanted = behaviour.outputTokens === 0 ? maxOutputTokens : behaviour.outputTokens;
  return behaviour.ignoresOutputLimit ? wanted : Math.min(wanted, maxOutputTokens);
}
function tokenTimes(firstMs, tokens, gap) {
  const times = [];
  let at = firstMs;
  for (let i = 0; i < tokens; i += 1) {
    if (i > 0) at += gap(i - 1);
    times.push(at);
  }
  return times;
}
function drawFault(faults, draw) {
  const chances = Object.entries(faults);
  if (chances.length === 0) return void 0;
  let at = draw.uniform();
  for (const [fault, probability] of chances) {
    if (at < probability) return fault;
    at -= probability;
  }
  return void 0;
}

// src/simulator/prompt-cache.ts
var BLOCK_TOKENS = 16;
var CHARACTERS_A_TOKEN = 4;
var MOST_PROMPTS = 4096;
var PromptCache = class {
  /** The last prompt of each beginning, oldest first. */
  #prompts = /* @__PURE__ */ new Map();
  /** Cached tokens of this prompt, which is remembered. */
  use(prompt, prefixCharacters) {
    const key = prompt.slice(0, prefixCharacters);
    const before = this.#prompts.get(key);
    this.#prompts.delete(key);
    this.#prompts.set(key, prompt);
    const oldest = this.#prompts.keys().next();
    if (this.#prompts.size > MOST_PROMPTS && !oldest.done) this.#prompts.delete(oldest.value);
    return before === void 0 ? 0 : cachedTokens(before, prompt);
  }
  /** What was answered is in the cache as well. */
  remember(prompt, answer2, prefixCharacters) {
    this.#prompts.set(prompt.slice(0, prefixCharacters), `${prompt}
${answer2}`);
  }
  clear() {
    this.#prompts.clear();
  }
};
function cachedTokens(before, prompt) {
  let common = 0;
  while (common < prompt.length && before.charCodeAt(common) === prompt.charCodeAt(common)) {
    common += 1;
  }
  const tokens = common / CHARACTERS_A_TOKEN;
  return Math.floor(tokens / BLOCK_TOKENS) * BLOCK_TOKENS;
}

// src/simulator/version.ts
var Version = class {
  #seed;
  #name;
  #behaviour;
  #script = [];
  #run = 0;
  #index = 0;
  #cache = new PromptCache();
  #busy = 0;
  #waiting = [];
  #numbers = noNumbers();
  constructor(seed, name, behaviour) {
    this.#seed = seed;
    this.#name = name;
    this.#behaviour = behaviour;
  }
  get behaviour() {
    return this.#behaviour;
  }
  /** The change has been checked. */
  change(change) {
    const base = change.profile === void 0 ? this.#behaviour : PROFILES[change.profile];
    this.#behaviour = { ...base, ...change.behaviour };
    if (change.forget?.includes("script")) this.#script = [];
    if (change.forget?.includes("cache")) this.#cache.clear();
    this.#script.push(...change.script ?? []);
    if (change.run !== void 0) {
      this.#run = change.run;
      this.#index = 0;
    }
  }
  /** What a person or a test may want to know of it. */
  describe() {
    const at = { seed: this.#seed, version: this.#name, run: this.#run };
    return {
      version: this.#name,
      run: this.#run,
      runEffect: runEffect(this.#behaviour, at),
      scriptLeft: this.#script.length,
      behaviour: this.#behaviour
    };
  }
  plan(asked, fault) {
    const script = this.#takeScript(asked.prompt);
    const hit = this.#cache.use(asked.prompt, this.#behaviour.cachePrefixCharacters);
    const cachedTokens2 = this.#behaviour.cacheSaving > 0 ? Math.min(hit, asked.inputTokens - 1) : 0;
    const at = {
      seed: this.#seed,
      version: this.#name,
      run: this.#run,
      index: this.#index,
      script: fault === void 0 ? script : { fault, ...script }
    };
    this.#index += 1;
    const plan2 = planAnswer(this.#behaviour, { ...asked, cachedTokens: cachedTokens2 }, at);
    this.#cache.remember(asked.prompt, visibleText(plan2), this.#behaviour.cachePrefixCharacters);
    return { plan: plan2, scripted: script !== void 0 };
  }
  #takeScript(prompt) {
    const at = this.#script.findIndex(({ when }) => when === void 0 || prompt.includes(when));
    return at === -1 ? void 0 : this.#script.splice(at, 1)[0];
  }
  /** Calls `begin` at once, or when one of the places under the capacity is free. */
  takePlace(begin) {
    const { capacity } = this.#behaviour;
    if (capacity > 0 && this.#busy >= capacity) {
      this.#waiting.push(begin);
      return;
    }
    this.#busy += 1;
    begin();
  }
  numbers() {
    const { capacity } = this.#behaviour;
    const [running, waiting] = [this.#busy, this.#waiting.length];
    const kvCacheUse = capacity === 0 ? 0 : Math.min(1, running / capacity);
    return { ...this.#numbers, running, waiting, kvCacheUse };
  }
  /** The answer has ended, however it did. */
  leavePlace({ readMs, serviceMs, firstTokenMs, inputTokens, cachedTokens: cachedTokens2 }) {
    if (serviceMs !== void 0 && firstTokenMs !== void 0) {
      this.#numbers.served += 1;
      this.#numbers.queueMs += serviceMs - readMs;
      this.#numbers.prefillMs += firstTokenMs - serviceMs;
      this.#numbers.prefixQueries += inputTokens;
      this.#numbers.prefixHits += cachedTokens2;
    }
    this.#busy -= 1;
    const next2 = this.#waiting.shift();
    if (next2 === void 0) return;
    this.#busy += 1;
    next2();
  }
};

// src/simulator/handler.ts
var LARGEST_REQUEST_BYTES = 16 << 20;
function ignore() {
}
function createHandler(options) {
  const seed = options.seed ?? 1;
  checkTold(options);
  const main = new Version(seed, "main", PROFILES.healthy);
  const { profile, behaviour, script } = options;
  main.change({
    profile,
    behaviour,
    script
  });
  const versions = /* @__PURE__ */ new Map([
    ["main", main],
    ["slow", new Version(seed, "slow", PROFILES.regressed)]
  ]);
  const house = { options, versions, log: new ServedLog(), seen: /* @__PURE__ */ new WeakSet() };
  return (request, response2) => {
    const newSocket = !house.seen.has(request.socket);
    house.seen.add(request.socket);
    response2.on("error", ignore);
    readWhole(request, (read2) => answer(house, { request, response: response2, newSocket, ...read2 }));
  };
}
function readWhole(request, then) {
  const chunks = [];
  let size = 0;
  request.on("data", (chunk2) => {
    size += chunk2.length;
    if (size > LARGEST_REQUEST_BYTES) request.destroy();
    else chunks.push(chunk2);
  });
  request.on("end", () => {
    const readMs = machineClockMs();
    then({ readMs, body: Buffer.concat(chunks).toString("utf8") });
  });
  request.on("error", ignore);
}
function answer(house, exchange) {
  const path = (exchange.request.url ?? "/").split("?", 1)[0] ?? "/";
  const asked = `${exchange.request.method} ${path}`;
  if (asked === "GET /__log") sendJson(exchange.response, 200, house.log.all());
  else if (asked === "GET /metrics") sendMetrics(house, exchange, "main");
  else if (asked === "GET /slow/metrics") sendMetrics(house, exchange, "slow");
  else if (asked === "POST /__control") control2(house, exchange);
  else if (/^GET .*\/models$/.test(asked)) listModels(house, exchange);
  else answerDialect(house, exchange, path);
}
function answerDialect(house, exchange, path) {
  const address = readAddress(path);
  const version = address === void 0 ? void 0 : house.versions.get(address.version);
  const speech = address === void 0 ? void 0 : SPEECHES[address.dialect];
  if (address === void 0 || version === void 0 || speech === void 0) {
    const bases = "base URLs are /v1, /slow/v1 and /fault/NAME/v1";
    const message2 = `nothing is served at ${exchange.request.method} ${path}; ${bases}`;
    sendJson(exchange.response, 404, { error: { message: message2, type: "not_found_error" } });
  } else {
    serve(house, exchange, { address, version, speech });
  }
}
function serve(house, exchange, route) {
  const { address, version, speech } = route;
  const parsed2 = jsonOrNothing(exchange.body);
  const body = isObject(parsed2) ? parsed2 : void 0;
  const asked = readBody(address, body ?? {});
  const served = house.log.add({
    version: address.version,
    dialect: address.dialect,
    model: asked.model,
    prompt: asked.prompt.slice(0, 80),
    maxOutputTokens: asked.maxOutputTokens,
    keyPresent: keyOf(exchange.request) !== void 0,
    newSocket: exchange.newSocket,
    readMs: exchange.readMs,
    scripted: false,
    inputTokens: asked.inputTokens,
    turn: asked.turn,
    cachedTokens: 0,
    tokensMs: []
  });
  const refused2 = refuse3(house.options, exchange, body === void 0 ? void 0 : asked);
  if (refused2 !== void 0) {
    const startMs = exchange.readMs;
    send(refusal(speech, refused2), { response: exchange.response, served, startMs, done: ignore });
    return;
  }
  const { plan: plan2, scripted } = version.plan(asked, address.fault);
  served.scripted = scripted;
  served.cachedTokens = plan2.cachedTokens;
  if (plan2.fault !== void 0) served.fault = plan2.fault;
  if (plan2.wrong) served.wrong = true;
  const delivery = composeDelivery({
    plan: plan2,
    speech,
    facts: {
      id: String(served.index),
      model: asked.model,
      inputTokens: plan2.inputTokens,
      cachedTokens: plan2.cachedTokens,
      tool: plan2.toolName,
      items: asked.items,
      usageAsked: asked.usageAsked && version.behaviour.usage !== "off"
    },
    behaviour: version.behaviour,
    elsewhere: elsewhere(exchange.request)
  });
  let waited = false;
  version.takePlace(() => {
    const startMs = waited ? machineClockMs() : exchange.readMs;
    const done = () => version.leavePlace(served);
    send(delivery, { response: exchange.response, served, startMs, done });
  });
  waited = true;
}
function send(delivery, to) {
  if (to.response.destroyed) {
    to.served.clientClosedMs = machineClockMs();
    to.done();
  } else {
    deliver(delivery, to);
  }
}
function refuse3(options, exchange, asked) {
  const unsigned = options.aws && refusedByAws(signedOf(exchange), options.aws, Date.now());
  if (unsigned !== void 0) return unsigned;
  if (options.apiKey !== void 0 && keyOf(exchange.request) !== options.apiKey) {
    return { status: 401, message: "the API key is missing or wrong" };
  }
  if (asked === void 0) return { status: 400, message: "the body is not a JSON object" };
  if (!asked.streams) return { status: 400, message: "only streamed answers are served" };
  if (options.models !== void 0 && !options.models.includes(asked.model)) {
    const known2 = options.models.join(", ");
    return { status: 404, message: `the model "${asked.model}" does not exist; there is ${known2}` };
  }
  return void 0;
}
function signedOf({ request, body }) {
  const { method = "", url = "/", rawHeaders } = request;
  const pairs = rawHeaders.flatMap(
    (name, i) => i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? ""]] : []
  );
  return { method, path: url, headers: pairs, body };
}
function keyOf(request) {
  const { authorization } = request.headers;
  if (authorization !== void 0) return authorization.replace(/^Bearer /i, "");
  const named = ["x-api-key", "x-goog-api-key", "api-key"].map((name) => request.headers[name]);
  return named.find((value) => typeof value === "string");
}
function elsewhere(request) {
  const scheme = request.socket instanceof TLSSocket ? "https" : "http";
  return `${scheme}://localhost:${request.socket.localPort}${request.url}`;
}
function listModels(house, exchange) {
  const models = house.options.models ?? ["simulated"];
  const data = models.map((id) => ({ id, object: "model" }));
  sendJson(exchange.response, 200, { object: "list", data });
}
function sendMetrics(house, { response: response2 }, name) {
  const numbers = house.versions.get(name)?.numbers() ?? noNumbers();
  response2.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  response2.end(metricsText(numbers));
}
function control2(house, exchange) {
  try {
    const change = readControl(exchange.body);
    const name = change.version ?? "main";
    const version = house.versions.get(name) ?? new Version(house.options.seed ?? 1, name, PROFILES.healthy);
    if (change.forget?.includes("log")) house.log.clear();
    version.change(change);
    house.versions.set(name, version);
    sendJson(exchange.response, 200, version.describe());
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    sendJson(exchange.response, 400, { error: { message: `${error.message} ${error.remedy}` } });
  }
}
function sendJson(response2, status, value) {
  const body = JSON.stringify(value);
  response2.writeHead(status, { "content-type": "application/json" });
  response2.end(body);
}

// src/simulator/server.ts
async function startSimulator(options = {}) {
  const server = createListener(options);
  const sockets = /* @__PURE__ */ new Set();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const host = options.host ?? "127.0.0.1";
  const port = await listen(server, options.port ?? 0, host);
  const scheme = options.listener === void 0 || options.listener === "http" ? "http" : "https";
  return {
    url: `${scheme}://${host}:${port}/v1`,
    port,
    close: () => new Promise((resolve10) => {
      server.close(() => resolve10());
      for (const socket of sockets) socket.destroy();
    })
  };
}
function createListener(options) {
  if (options.listener === "silent") return createNetServer((socket) => socket.on("error", ignore2));
  const handler = createHandler(options);
  if (options.listener !== "https") return tuned((0, import_node_http.createServer)(handler));
  return tuned((0, import_node_https.createServer)({ key: options.tls?.key, cert: options.tls?.cert }, handler));
}
function ignore2() {
}
function tuned(server) {
  server.keepAliveTimeout = 6e5;
  server.requestTimeout = 0;
  return server;
}
function listen(server, port, host) {
  return new Promise((resolve10, reject) => {
    server.once("error", (cause) => {
      const why = `simulator: cannot listen on ${host}:${port}; ${cause.message}`;
      reject(new GateError("usage", why, "Choose another port, or 0 for any free one.", { cause }));
    });
    server.listen(port, host, 1024, () => resolve10(server.address().port));
  });
}

// src/app/cli/commands/simulate.ts
var PROFILE_NAMES = Object.keys(PROFILES);
function profileOf(text3) {
  const found = PROFILE_NAMES.find((name) => name === (text3 ?? "healthy"));
  if (found !== void 0) return found;
  throw new GateError(
    "usage",
    `--profile is "${text3}"; legal values: ${PROFILE_NAMES.join(", ")}`,
    "Correct the option."
  );
}
var HIGHEST_PORT = 65535;
function portOf(args) {
  const port = wholeNumber(args, "port") ?? 8080;
  if (port <= HIGHEST_PORT) return port;
  throw new GateError(
    "usage",
    `--port is ${port}; a port is a number from 0 to ${HIGHEST_PORT}, and 0 takes a free one`,
    "Correct the option."
  );
}
function untilAborted(signal) {
  return new Promise((resolve10) => {
    if (signal.aborted) resolve10();
    signal.addEventListener("abort", () => resolve10(), { once: true });
  });
}
function untilInputEnds() {
  return new Promise((resolve10) => {
    process.stdin.resume().once("close", () => resolve10()).once("end", () => resolve10());
  });
}
var simulate = {
  name: "simulate",
  summary: "Run a simulated endpoint on this machine, to try a config against.",
  options: [
    { name: "port", value: "N", help: "the port (default 8080; 0 takes a free one)" },
    { name: "profile", value: "NAME", help: `how /v1 behaves: ${PROFILE_NAMES.join(" or ")}` },
    { name: "seed", value: "N", help: "the same seed gives the same endpoint (default 1)" },
    { name: "api-key", value: "KEY", help: "refuse requests without this key" },
    { name: "json", help: "print the address as one line of JSON, for programs" },
    { name: "until-input-ends", help: "stop when standard input ends, for programs" }
  ],
  notes: `It speaks every API dialect. /v1 behaves as the profile says, /slow/v1 is always the regressed
one, so a regression can be tried with --endpoint-url http://127.0.0.1:8080/slow/v1.`,
  run: async (args, invocation) => {
    const apiKey = args.text("api-key");
    const simulator = await startSimulator({
      port: portOf(args),
      profile: profileOf(args.text("profile")),
      seed: wholeNumber(args, "seed") ?? 1,
      apiKey
    });
    const { url, port } = simulator;
    invocation.out(
      args.given("json") ? `${JSON.stringify({ url, port })}
` : `simulated endpoint at ${url} (regressed at ${url.replace(/\/v1$/, "/slow/v1")})
Ctrl-C stops it.
`
    );
    await (args.given("until-input-ends") ? Promise.race([untilAborted(invocation.signal), untilInputEnds()]) : untilAborted(invocation.signal));
    process.stdin.destroy();
    await simulator.close();
    return EXIT.passed;
  }
};

// src/app/cli/commands/sweep.ts
import { join as join7 } from "node:path";
var DEFAULT_FROM = "1/s";
var DEFAULT_TO = "256/s";
var DEFAULT_REQUESTS = 60;
var FEWEST_REQUESTS = 20;
var sweep2 = {
  name: "sweep",
  summary: "Find the highest rate at which an endpoint meets the ceilings.",
  options: [
    CONFIG_OPTION,
    GATE_OPTION,
    ...URL_OPTIONS.filter(({ name }) => name === "endpoint-url"),
    { name: "from", value: "RATE", help: `the first rate to try (default ${DEFAULT_FROM})` },
    { name: "to", value: "RATE", help: `the highest rate to try (default ${DEFAULT_TO})` },
    { name: "requests", value: "N", help: `requests at each rate (default ${DEFAULT_REQUESTS})` },
    {
      name: "report-dir",
      value: "DIR",
      help: "the folder for sweep.html and the runs (default inference-gate-report)"
    }
  ],
  notes: `The rate is doubled until a ceiling of the config is passed or a queue grows, then the bracket is
halved until its ends are ${Math.round(100 * (PRECISION - 1))} % apart. The budget of the config holds for all of it. Nothing is judged by
a baseline. Exits with 3 where no rate held or the endpoint could not be measured.`,
  run: sweepFrom
};
async function sweepFrom(args, invocation) {
  const config = await configOf(args, invocation);
  const requests = gateRequests({
    config,
    only: chosenGate(args, config),
    provenance: provenanceHere(invocation)
  });
  const request = theOnly(requests);
  const range = rangeOf(args);
  const folder = reportFolderOf(args, invocation);
  const ports = portsOfTerminal({ args, invocation, store: NO_STORE, policy: config.policy });
  const onLevel = (level) => writeFolder(folder, levelFile(request.gate.name, level));
  const found = await sweep(request, { ...range, onLevel }, ports);
  const document = sweepReport(found);
  await writeFolder(folder, { "sweep.html": html(document) });
  invocation.out(text(document, { color: invocation.terminal, width: invocation.width }));
  invocation.out(`
report: ${join7(folder, "sweep.html")}
`);
  const isComplete = found.levels.at(-1)?.standing.kind !== "void";
  return found.holds !== void 0 && isComplete ? EXIT.passed : EXIT.couldNotMeasure;
}
function theOnly(requests) {
  const [request, ...others] = requests;
  if (request !== void 0 && others.length === 0) return request;
  const names = requests.map(({ gate }) => gate.name).join(", ");
  throw new GateError(
    "usage",
    `the config has ${requests.length} gates (${names}); a sweep is of one`,
    "Name it with --gate."
  );
}
function rangeOf(args) {
  const fromPerSecond = rateOf(args, "from", DEFAULT_FROM);
  const toPerSecond = rateOf(args, "to", DEFAULT_TO);
  if (toPerSecond < fromPerSecond) {
    throw new GateError(
      "usage",
      `--to is ${args.text("to") ?? DEFAULT_TO}, below --from, which is ${args.text("from") ?? DEFAULT_FROM}`,
      "Give a highest rate that is above the first."
    );
  }
  const requests = wholeNumber(args, "requests") ?? DEFAULT_REQUESTS;
  if (requests < FEWEST_REQUESTS) {
    throw new GateError(
      "usage",
      `--requests is ${requests}; a rate needs ${FEWEST_REQUESTS} or more to show a queue`,
      "Correct the option."
    );
  }
  return { fromPerSecond, toPerSecond, requests };
}
function rateOf(args, name, otherwise) {
  const written = args.text(name) ?? otherwise;
  const perSecond = /^\d+(\.\d+)? ?\/ ?(s|min)$/.test(written) ? parseRate(written) : 0;
  if (perSecond > 0) return perSecond;
  throw new GateError(
    "usage",
    `--${name} is "${written}"; it takes a rate above 0, as 2/s or 30/min`,
    "Correct the option."
  );
}
function levelFile(gate, { ratePerSecond, run: run2 }) {
  return run2 === void 0 ? {} : { [`sweep/${gate}.${ratePerSecond}-per-second.json`]: encodeRun(run2) };
}

// src/app/cli/commands/validate.ts
var validate = {
  name: "validate",
  summary: "Check a config and show what it means, without sending anything.",
  options: [CONFIG_OPTION],
  run: async (args, invocation) => {
    const file = await configFileOf(args, invocation);
    const { config, warnings } = await readConfig({
      file,
      read: filesOf(invocation.folder),
      env: invocation.env,
      overrides: {},
      unsetEnv: "blank"
    });
    for (const warning of warnings) invocation.err(`${issueLine(warning)}
`);
    invocation.out(`${file} is valid
`);
    const unset = await unsetVariables(file, invocation);
    if (unset.length > 0) {
      invocation.out(`  not set here, and referred to by headers or URLs: ${unset.join(", ")}
`);
    }
    for (const { name, endpoint, workload, limits } of config.gates) {
      const metrics = limits.map(({ metric }) => metric).join(", ");
      invocation.out(
        `  ${name}: ${endpoint.api} ${endpoint.model}, ${workload.requests} requests, limits on ${metrics || "nothing"}
`
      );
    }
    return EXIT.passed;
  }
};
async function unsetVariables(file, { folder, env }) {
  const text3 = await filesOf(folder)(file) ?? "";
  const lines = text3.split("\n").filter((line2) => !line2.trimStart().startsWith("#"));
  const names = [...lines.join("\n").matchAll(/\$\{\{\s*env\.([A-Za-z_]\w*)\s*\}\}/g)].map(
    ([, name = ""]) => name
  );
  return [...new Set(names)].filter((name) => (env[name] ?? "") === "");
}

// src/app/cli/commands/commands.ts
var COMMANDS = [
  init,
  validate,
  ping,
  calibrate,
  plan,
  run,
  record2,
  history,
  accept,
  compare,
  sweep2,
  importResults,
  merge,
  demo,
  simulate
];

// src/app/cli/cli.ts
async function runCli(argv, given) {
  const invocation = withoutSecrets(given);
  try {
    return await dispatch(argv, invocation);
  } catch (error) {
    return explain(error, invocation);
  }
}
function withoutSecrets(invocation) {
  const { env } = invocation;
  const own = [
    "INFERENCE_GATE_API_KEY",
    "INFERENCE_GATE_REFERENCE_API_KEY",
    "INFERENCE_GATE_GIT_TOKEN"
  ];
  leaving.add([...own.flatMap((name) => env[name] || []), ...proxySecrets(env)]);
  const safe = (text3) => {
    const plain = leaving.text(text3);
    return env.GITHUB_ACTIONS === "true" ? escapeLog(plain) : plain;
  };
  return {
    ...invocation,
    out: (text3) => invocation.out(safe(text3)),
    err: (text3) => invocation.err(safe(text3))
  };
}
async function dispatch(argv, invocation) {
  const [name, ...rest] = argv;
  if (name === "--version" || name === "-V") {
    invocation.out(`${TOOL}
`);
    return EXIT.passed;
  }
  if (name === void 0 || name === "--help" || name === "-h" || name === "help") {
    const topic = COMMANDS.find((command2) => command2.name === rest[0]);
    invocation.out(topic === void 0 ? overviewHelp(COMMANDS) : commandHelp(topic));
    return name === void 0 ? EXIT.badInput : EXIT.passed;
  }
  const command = findCommand(name);
  if (rest.includes("--help") || rest.includes("-h")) {
    invocation.out(commandHelp(command));
    return EXIT.passed;
  }
  return command.run(parseArguments(command, rest), invocation);
}
function findCommand(name) {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== void 0) return found;
  const names = COMMANDS.map((command) => command.name);
  throw new GateError(
    "usage",
    `there is no command "${name}"${didYouMean(name, names)}; the commands are ${names.join(", ")}`,
    "See inference-gate --help."
  );
}
var OVERRIDES = ["endpoint-url", "reference-url"];
function explain(error, invocation) {
  if (error instanceof ConfigProblems) {
    for (const issue of error.issues) invocation.err(`${issueLine(issue)}
`);
    if (error.issues.every(({ file }) => OVERRIDES.includes(file))) {
      const options = [...new Set(error.issues.map(({ file }) => `--${file}`))].join(", ");
      invocation.err(`inference-gate: ${options} cannot be used
Correct the option.
`);
      return EXIT.badInput;
    }
  }
  if (error instanceof GateError) {
    invocation.err(`inference-gate: ${error.message}
${error.remedy}
`);
    return exitCodeOfError(error.kind);
  }
  const trace = error instanceof Error ? error.stack ?? error.message : String(error);
  invocation.err(`inference-gate: this is a bug of ours, please report it
${trace}
`);
  return EXIT.bug;
}
export {
  runCli
};

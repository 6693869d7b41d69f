import { createRequire as createRequireOfBundle } from 'node:module';
{ const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 19)) {
    console.error('inference-gate needs Node.js 24 (22.19 at least), this is ' + process.version + '. Install it, or run through npm in a clone, which brings it along.');
    process.exit(2); } }
const require = createRequireOfBundle(import.meta.url);
import {
  COMMON_IN_FLIGHT,
  ConfigProblems,
  EXIT,
  GATE_OF_INPUTS,
  GateError,
  MissingLogin,
  TOOL,
  VERSION,
  annotate,
  asAsked,
  asProposed,
  blockingOf,
  blocks,
  combineTrusted,
  commentOf,
  comparableOf,
  configOfInputs,
  configPath,
  configsOf,
  decodeReport,
  defaultLimits,
  defaultPolicy,
  describe,
  describeProblem,
  droppedGates,
  droppedInShort,
  droppedOf,
  escapeLog,
  exitCodeOfError,
  exitCodeOfRecord,
  exitCodeOfVerdicts,
  exitCodeWithoutSecrets,
  filesOf,
  findFiles,
  firstOf,
  gateInputProblems,
  gatePorts,
  gateRequests,
  githubClient,
  hasGateInputs,
  heldFor,
  historyOf,
  inputOfMember,
  invalidityWords,
  isAffected,
  isCounted,
  isGateName,
  isReadAlike,
  isTwinsOf,
  issueLine,
  jobResultOf,
  judgeReported,
  judgeSaved,
  judgedBetween,
  keepRuns,
  leaving,
  logProgress,
  maskSecret,
  measureShard,
  mergedByGate,
  mostInFlight,
  nameableVariables,
  namesGiven,
  nowIso,
  ownerOf,
  parseJson,
  proxySecrets,
  proxyWithoutSecrets,
  questionsOf,
  readConfig,
  readConfigIfThere,
  readRuns,
  readTextIfThere,
  recordGates,
  recordSeries,
  refuseTwoProofs,
  reportOf,
  reportOfProblem,
  reportTexts,
  requestsOfSaved,
  runAll,
  runFiles,
  runGate,
  runsOfConfig,
  seriesOf,
  setOutputs,
  standingLines,
  steppedInShort,
  storeOfConfig,
  sumOfCosts,
  summaryMarkdown,
  toldByOthers,
  unaffectedRun,
  unmatchedGlobs,
  waitFamilyOf,
  withBranchStore,
  withEarlierRuns,
  withTurns,
  writeHistory,
  writeReport,
  writeSummary
} from "./gate.js";
import "./undici.js";
import "./shared.js";

// src/app/action/annotations.ts
function issueAnnotations(issues) {
  return issues.map(({ file, line, column, path, message, severity = "error" }) => ({
    level: severity,
    title: "Inference Gate config",
    message: path === "" ? message : `${path}: ${message}`,
    file,
    line,
    column
  }));
}
function resultAnnotations(jobResult) {
  const texts = reportTexts(jobResult);
  const ofGates = jobResult.gates.flatMap((gate2, position) => {
    const words = texts.gates[position];
    const title = `Inference Gate: ${gate2.gate}`;
    const failing = gate2.metrics.flatMap(
      (metric, index) => metric.verdict === "fail" ? [{ level: "error", title, message: `${metric.label}: ${words?.reasons[index]}` }] : []
    );
    const isVoid = gate2.verdict === "invalid";
    const level = jobResult.context.blocking.invalid ? "error" : "warning";
    const stepped = gate2.notes.flatMap(
      (note) => note.kind === "level-stepped" ? [{ level: "warning", title, message: steppedInShort(note) }] : []
    );
    const lost = gate2.notes.flatMap(
      (note) => note.kind === "not-stored" ? [
        {
          level: "error",
          title,
          message: `The run was not stored: ${note.problem} It can be stored later with: ${note.command}`
        }
      ] : []
    );
    const voided = isVoid ? [{ level, title, message: words?.headline ?? "invalid" }] : [];
    return [...failing, ...voided, ...stepped, ...lost];
  });
  const { dropped } = jobResult.context;
  if (dropped?.blocks !== true) return ofGates;
  const message = `Blocked by policy.dropped_gate: ${droppedInShort(dropped)}`;
  return [...ofGates, { level: "error", title: "Inference Gate", message }];
}

// src/app/action/config-of-inputs.ts
var PLACE = "the inputs";
async function readConfigOfInputs(job, sources) {
  const { inputs, env } = job;
  for (const read of sources.files) {
    if (await read(inputs.config) !== void 0) throw bothGiven(job);
  }
  try {
    const text = configOfInputs(inputs.gate);
    const { overrides } = sources;
    const { config } = await readConfig({ file: PLACE, read: async () => text, env, overrides });
    return config;
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error;
    throw new GateError("usage", wordsOf(error), "Correct the `with:` block of the workflow step.");
  }
}
function bothGiven({ inputs }) {
  const names = namesGiven(inputs.gate).join(", ");
  return new GateError(
    "usage",
    `the inputs ${names} make a gate without a config, but there is a config ${inputs.config}, and it wins`,
    "Remove these inputs from the step, or the config from the repository."
  );
}
function wordsOf({ issues }) {
  const words = issues.map(({ path, message }) => `input ${inputOfMember(path)}: ${message}`);
  return [...new Set(words)].join("; ");
}

// src/app/action/trust.ts
function refuseUntrusted(job, rules) {
  const { inputs, env } = job;
  refuseRecording(job);
  const secrets = [
    ...inputs.apiKey === "" ? [] : ["api-key"],
    ...inputs.referenceApiKey === "" ? [] : ["reference-api-key"],
    ...nameableVariables(env)
  ];
  refuseWithSecrets(job, rules, secrets);
}
function refuseUntrustedLogin(job, rules, head) {
  if (isWithoutLogin(job)) return;
  const logins = head.gates.flatMap(armsOf).flatMap(({ auth }) => auth?.cloud ?? []);
  if (logins.length === 0) return;
  refuseWithSecrets(
    job,
    rules,
    [...new Set(logins)].map((cloud) => `the job's login to ${cloud}`)
  );
}
function isWithoutLogin({ event }) {
  return event.withoutSecrets === "fork" && event.name === "pull_request";
}
function refuseWithSecrets(job, rules, secrets) {
  refuseUnclearHead(job, secrets);
  if (rules.kind === "own") return;
  refuseUnbound(job, rules, secrets);
  refuseFork(job, rules, secrets);
}
function refuseRecording({ event, mode }) {
  if (mode !== "record" || event.base === void 0) return;
  throw new GateError(
    "usage",
    `mode record on ${event.name} would store what a pull request measured as the level of ${event.base.branch}`,
    "Record on pushes to the branch, on a schedule or by workflow_dispatch."
  );
}
function refuseUnclearHead({ event }, secrets) {
  if (event.base !== void 0 || !event.actsForOthers || secrets.length === 0) return;
  throw new GateError(
    "usage",
    `${event.name} does not say whose commit is checked out, and this job has secrets (${secrets.join(", ")}), so nothing was sent`,
    "Gate on the event pull_request."
  );
}
function refuseUnbound(job, rules, secrets) {
  if (rules.kind === "known" || secrets.length === 0) return;
  const why = rules.kind === "unknown" ? rules.why : "";
  throw new GateError(
    "measurement",
    `nothing was sent, because ${why}: the pull request itself would decide where ${secrets.join(", ")} may go`,
    `Bring ${job.inputs.config} to the base branch first (\`inference-gate validate\` checks it without a run), and give the action a github-token that may read it.`
  );
}
function refuseFork({ event }, rules, secrets) {
  const isPrivileged = event.name !== "pull_request" || secrets.length > 0;
  if (event.withoutSecrets !== "fork" || !isPrivileged) return;
  if (rules.kind === "known" && rules.config.policy.allowedHosts.length > 0) return;
  throw new GateError(
    "usage",
    `${event.name} would measure what this fork names with the rights and secrets of the base branch, so nothing was sent`,
    "Use the event pull_request without secrets, or bind them with policy.allowed_hosts on the base branch."
  );
}
function reachOf({ inputs }, rules) {
  if (rules.kind === "own") return { kind: "anywhere" };
  const named = rules.kind === "known" ? rules.config.gates.flatMap(urlsOf) : [];
  const origins = [...named, inputs.endpointUrl, inputs.referenceUrl].flatMap(
    (url) => URL.canParse(url) ? [new URL(url).origin] : []
  );
  return { kind: "public", origins };
}
function armsOf({ endpoint, reference }) {
  return reference.kind === "endpoint" ? [endpoint, reference.endpoint] : [endpoint];
}
function urlsOf(gate2) {
  return armsOf(gate2).flatMap(
    ({ url, metricsUrl, ready }) => [url, metricsUrl ?? [], ready?.url ?? []].flat()
  );
}

// src/app/action/configs.ts
async function readJobConfig(job) {
  const { inputs, env } = job;
  if (hasGateInputs(inputs.gate)) return await configWithoutFile(job);
  const rules = await readRules(job);
  refuseUntrusted(job, rules);
  const base = rules.kind === "known" ? rules.config : void 0;
  const head = await readConfig({
    file: inputs.config,
    read: headFiles(job),
    env,
    overrides: overridesOf(job),
    trusted: trustedBy(rules),
    mostInFlight: mostInFlightBy(rules),
    judged: job.mode === "measure" || inputs.results !== "" ? "elsewhere" : "here"
  });
  for (const secret of head.secrets) maskSecret(secret);
  refuseUntrustedLogin(job, rules, head.config);
  refuseTwoProofs(head.config, {
    ...inputs.apiKey === "" ? {} : { key: "api-key" },
    ...inputs.referenceApiKey === "" ? {} : { referenceKey: "reference-api-key" }
  });
  return {
    ...combineTrusted(base, head.config),
    base,
    head,
    reach: reachOf(job, rules),
    warnings: head.warnings
  };
}
async function configWithoutFile(job) {
  refuseRecording(job);
  const files = [headFiles(job), ...baseFiles(job)];
  const config = await readConfigOfInputs(job, { files, overrides: overridesOf(job) });
  const base = job.event.name === "pull_request_target" ? config : void 0;
  return { ...combineTrusted(base, config), reach: { kind: "anywhere" }, warnings: [] };
}
function baseFiles({ github, event: { base } }) {
  if (base === void 0) return [];
  if (github === void 0) {
    throw new GateError(
      "usage",
      `whether ${base.branch} has a config cannot be seen without a github-token, so nothing was sent`,
      "Leave the input github-token away: the job's own token is the default."
    );
  }
  return [async (path) => github.readFile(path, await github.branchTip(base.branch))];
}
function trustedBy(rules) {
  if (rules.kind === "own") return void 0;
  return rules.kind === "known" ? rules.config.policy : { allowedHosts: [], allowedEnv: [] };
}
function mostInFlightBy(rules) {
  if (rules.kind === "own") return void 0;
  return rules.kind === "known" ? mostInFlight(rules.config) : COMMON_IN_FLIGHT;
}
function overridesOf({ inputs }) {
  return {
    endpointUrl: inputs.endpointUrl || void 0,
    referenceUrl: inputs.referenceUrl || void 0
  };
}
function headFiles(job) {
  const { workspace, github, event } = job;
  const checkout = filesOf(workspace);
  if (github === void 0 || event.headSha === "") return checkout;
  return firstOf(checkout, (path) => github.readFile(path, event.headSha));
}
async function readRules(job) {
  const { github, event, inputs } = job;
  const { base } = event;
  if (base === void 0) return { kind: "own" };
  if (github === void 0)
    return unknown(`the config of ${base.branch} cannot be read without a github-token`);
  const tip = await github.branchTip(base.branch);
  const read = (path) => github.readFile(path, tip);
  try {
    const found = await readBase(job, read);
    if (found === void 0) return unknown(`${base.branch} has no ${inputs.config}`);
    const config = inputs.referenceUrl === "" ? found : await withReference(job, read, found);
    return { kind: "known", config };
  } catch (error) {
    if (!(error instanceof ConfigProblems) || error instanceof InputProblems) throw error;
    const [first] = error.issues;
    const where = first === void 0 ? "" : ` (${issueLine(first)})`;
    return unknown(`${inputs.config} on ${base.branch} cannot be read${where}`);
  }
}
function unknown(why) {
  annotate([
    {
      level: "warning",
      title: "Config of the base branch",
      message: `This change is judged by its own limits, if at all, because ${why}.`
    }
  ]);
  return { kind: "unknown", why };
}
async function readBase({ inputs, env }, read, more = {}) {
  const { trusted, ...overrides } = more;
  const found = await readConfigIfThere({
    file: inputs.config,
    read,
    env,
    overrides,
    trusted,
    unsetEnv: "blank"
  });
  return found?.config;
}
var InputProblems = class extends ConfigProblems {
};
async function withReference(job, read, base) {
  const { referenceUrl } = job.inputs;
  try {
    return await readBase(job, read, { referenceUrl, trusted: base.policy }) ?? base;
  } catch (error) {
    if (error instanceof ConfigProblems) throw new InputProblems("reference-url", error.issues);
    throw error;
  }
}
async function configAt(job, commit) {
  const { github, inputs, env } = job;
  if (github === void 0) return void 0;
  const { endpointUrl: _, ...overrides } = overridesOf(job);
  const read = await readConfigIfThere({
    file: inputs.config,
    read: (path) => github.readFile(path, commit),
    env,
    overrides,
    unsetEnv: "blank"
  });
  return read?.config;
}

// src/app/action/unless-unknown.ts
async function unlessUnknown({ screen }, { ask, what }) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    const said = what === void 0 ? "" : `${what}: `;
    screen.step(`${said}${error.message} ${error.remedy}`);
    return void 0;
  }
}

// src/app/action/affected.ts
var NONE = /* @__PURE__ */ new Map();
async function unaffectedGates(job, read, contextOf) {
  const says = [...read.config.gates, ...read.head?.config.gates ?? []];
  if (says.every(({ affectedBy }) => affectedBy === void 0)) return NONE;
  const { mergeBase } = await contextOf();
  const files = await changedFilesOf(job, mergeBase);
  warnOfGlobs(job, read, files);
  if (files === void 0 || read.base === void 0 || mergeBase === void 0) return NONE;
  const before = await configsBefore(job, read.base, mergeBase);
  const gates = read.config.gates.filter((gate2) => {
    const { affectedBy: globs } = gate2;
    if (globs === void 0 || !before.some((config) => hasAlike(config, gate2))) return false;
    return !isAffected(files.changed, { globs, always: ownWorkflow(job) });
  });
  const changed = files.changed.size;
  return new Map(gates.map((gate2) => [gate2.name, unaffectedRun(gate2, changed)]));
}
async function configsBefore(job, tip, mergeBase) {
  if (mergeBase === job.event.base?.sha) return [tip];
  const parted = await unlessUnknown(job, { ask: () => configAt(job, mergeBase) });
  return parted === void 0 ? [tip] : [tip, parted];
}
function hasAlike({ gates }, gate2) {
  return gates.some((one) => one.name === gate2.name && isReadAlike(one, gate2));
}
async function changedFilesOf(job, mergeBase) {
  const { github, event } = job;
  if (github === void 0 || mergeBase === void 0) return void 0;
  const range = { mergeBase, head: event.headSha, pullRequest: event.pullRequest };
  const files = await unlessUnknown(job, { ask: () => github.changedFiles(range) });
  if (files === void 0) {
    job.screen.step("the changed files are not known, so every gate is measured");
  }
  return files;
}
function ownWorkflow({ env, event }) {
  const [path = ""] = (env.GITHUB_WORKFLOW_REF ?? "").split("@");
  const own = `${event.owner}/${event.repo}/`;
  return path.startsWith(own) ? [path.slice(own.length)] : [];
}
function warnOfGlobs({ inputs }, { head }, files) {
  if (files?.all === void 0 || head === void 0) return;
  const source = { file: inputs.config, text: head.text };
  annotate(issueAnnotations(unmatchedGlobs(head.config.gates, source, files.all)));
}
function inOrderOf(questions, runs) {
  const names = questions.map(({ gate: gate2 }) => gate2.name);
  return runs.toSorted((a, b) => names.indexOf(a.result.gate) - names.indexOf(b.result.gate));
}

// src/app/action/beside-earlier.ts
var INPUT = "reference-results";
async function besideEarlier(job, requests) {
  const { inputs, workspace } = job;
  const { referenceResults } = inputs;
  if (referenceResults === "") return requests;
  await refuseCommitted(job, referenceResults);
  return await withEarlierRuns(requests, {
    patterns: [referenceResults],
    folder: workspace,
    asked: INPUT,
    nowIso: nowIso()
  });
}
async function refuseCommitted({ github, event, workspace }, pattern) {
  if (github === void 0 || event.headSha === "") return;
  for (const path of findFiles(pattern, workspace)) {
    if (await github.readFile(path, event.headSha) === void 0) continue;
    throw new GateError(
      "usage",
      `${INPUT}: ${path} is a file of the commit that is judged, so it is no measurement of this job`,
      "Let the job measure into a folder that is not in the repository."
    );
  }
}

// src/app/action/context.ts
var ANCESTORS = 500;
async function baselineContext(job) {
  const { event } = job;
  const { base, defaultBranch } = event;
  const own = base?.branch ?? event.branch ?? defaultBranch;
  return {
    baseBranch: own,
    defaultBranch,
    ...await commonHistory(job)
  };
}
async function commonHistory(job) {
  const { github, event, screen } = job;
  if (github === void 0 || event.base === void 0) return {};
  try {
    const { mergeBase } = await github.mergeBase(event.base.sha, event.headSha);
    return { mergeBase, ancestors: await github.ancestors(mergeBase, ANCESTORS) };
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    screen.step(`the merge base is not known: ${error.message}`);
    return {};
  }
}
function configOfJob({ inputs, workspace }) {
  return hasGateInputs(inputs.gate) ? void 0 : configPath(inputs.config, { folder: workspace });
}
function provenanceOf(job) {
  const { event, mode } = job;
  const { headSha, branch, base, runUrl, actor } = event;
  const spokenFor = mode === "record" ? branch ?? event.defaultBranch : base?.branch;
  return {
    commit: headSha || void 0,
    branch: spokenFor,
    runUrl,
    actor,
    config: configOfJob(job),
    inputs: inputsOfJob(job)
  };
}
function inputsOfJob({ inputs: { gate: gate2 } }) {
  if (!hasGateInputs(gate2)) return void 0;
  const { model, api, limits, requests } = gate2;
  return { model, api, limits, requests };
}
async function acceptedBy(job, label) {
  const { event, github } = job;
  const { pullRequest: number } = event;
  if (number === void 0) return {};
  const accept = { label, by: event.sender };
  const isThisEvent = event.action === "labeled" && event.label === label;
  if (github === void 0) return isThisEvent ? { accept } : {};
  const pull = await ifAllowed(() => github.pullRequest(number));
  if (isThisEvent && (pull === void 0 || pull.labels.includes(label))) return { accept };
  if (pull === void 0 || pull.headSha !== event.headSha) return {};
  return await labelSpeaks(github, pull, label);
}
async function labelSpeaks(github, pull, label) {
  if (!pull.labels.includes(label)) return {};
  const found = await ifAllowed(() => github.labelOnHead(pull, label));
  if (found?.kind === "set") return { accept: { label, by: found.by } };
  const message = `The label ${label} is not known to have been set after ${pull.headSha.slice(0, 7)} was pushed, so it does not count: take it off and set it again.`;
  annotate([{ level: "notice", title: "Accepted for an older commit", message }]);
  return { isStale: true };
}
async function ifAllowed(ask) {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    const message = `${error.message} ${error.remedy}`;
    annotate([{ level: "warning", title: "Labels are not known", message }]);
    return void 0;
  }
}
async function openingOf(job, label) {
  const { github, event } = job;
  if (event.acceptInput !== void 0) {
    return { by: event.actor, reason: event.acceptInput.reason, how: "dispatch" };
  }
  if (github === void 0 || event.name !== "push") return void 0;
  const merged = await ifAllowed(() => github.mergedPullRequestOf(event.headSha));
  if (merged === void 0 || (await labelSpeaks(github, merged, label)).accept === void 0) {
    return void 0;
  }
  return {
    by: merged.merged?.by ?? event.actor,
    reason: `#${merged.number} was merged with the label ${label}`,
    how: "label"
  };
}
function droppedHere({ base, config: { policy }, head }, { accept }) {
  const gates = head === void 0 ? [] : droppedGates(base, head.config);
  return droppedOf(gates, policy, accept !== void 0);
}
function reportContext(job, read, acceptance = {}) {
  const { event, mode } = job;
  const { config, ...trust } = read;
  return {
    tool: TOOL,
    mode: mode === "record" ? "record" : "gate",
    preview: job.inputs.endpointUrl === "" ? void 0 : true,
    headCommit: event.headSha || void 0,
    ...event.base === void 0 ? {} : { baseCommit: event.base.sha, baseBranch: event.base.branch },
    runUrl: event.runUrl,
    config: configOfJob(job),
    limitsFrom: trust.limitsFrom,
    proposedChanges: trust.proposedChanges,
    dropped: droppedHere(read, acceptance),
    acceptLabel: config.policy.acceptLabel,
    acceptLabelIsStale: acceptance.isStale,
    blocking: blockingOf(config.policy)
  };
}

// src/app/action/job.ts
import { resolve } from "node:path";

// src/app/inputs.ts
import { posix } from "node:path";
var MODES = ["auto", "gate", "record", "measure", "publish"];
var COMMENT_POLICIES = ["always", "on-change", "on-failure", "never"];
function readInputs(env) {
  const text = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
  const problems = [];
  const choice = (name, legal, fallback) => {
    const value2 = text(name);
    const found = legal.find((item) => item === value2);
    if (found === void 0 && value2 !== "") {
      problems.push(`input ${name} is "${value2}"; legal values: ${legal.join(", ")}`);
    }
    return found ?? fallback;
  };
  const gate2 = {
    url: text("url"),
    model: text("model"),
    api: text("api"),
    limits: text("limits"),
    requests: text("requests")
  };
  const { series, problems: wrongSeries } = seriesOf(
    { times: text("times"), every: text("every") },
    (option) => `input ${option}`
  );
  problems.push(...wrongSeries);
  if (series.times > 1 && text("results") !== "") {
    problems.push("input times cannot repeat the saved runs of results");
  }
  if (hasGateInputs(gate2)) problems.push(...gateInputProblems(gate2));
  const inputs = {
    // As the API and annotations name a file: from the root, without `./`, whatever the system's signs.
    config: posix.normalize(text("config").replaceAll("\\", "/") || ".github/inference-gate.yml"),
    gate: gate2,
    mode: choice("mode", MODES, "auto"),
    endpointUrl: text("endpoint-url"),
    referenceUrl: text("reference-url"),
    apiKey: text("api-key"),
    referenceApiKey: text("reference-api-key"),
    results: text("results"),
    series,
    referenceResults: text("reference-results"),
    githubToken: text("github-token"),
    comment: choice("comment", COMMENT_POLICIES, "always"),
    reportDir: text("report-dir") || "inference-gate-report"
  };
  if (problems.length > 0) {
    throw new GateError(
      "usage",
      problems.join("; "),
      "Correct the `with:` block of the workflow step."
    );
  }
  return inputs;
}

// src/app/action/github-event.ts
function member(value2, ...path) {
  return path.reduce(
    (found, key) => typeof found === "object" && found !== null ? found[key] : void 0,
    value2
  );
}
function textAt(value2, ...path) {
  const found = member(value2, ...path);
  return typeof found === "string" && found !== "" ? found : void 0;
}
function numberAt(value2, ...path) {
  const found = member(value2, ...path);
  return typeof found === "number" ? found : void 0;
}
function baseOf(payload) {
  const branch = textAt(payload, "pull_request", "base", "ref") ?? textAt(payload, "merge_group", "base_ref")?.replace(/^refs\/heads\//, "");
  const sha = textAt(payload, "pull_request", "base", "sha") ?? textAt(payload, "merge_group", "base_sha");
  return branch === void 0 || sha === void 0 ? void 0 : { branch, sha };
}
function withoutSecrets(payload, actor) {
  const head = numberAt(payload, "pull_request", "head", "repo", "id");
  const base = numberAt(payload, "pull_request", "base", "repo", "id");
  if (member(payload, "pull_request") !== void 0 && head !== base) return "fork";
  return actor === "dependabot[bot]" ? "dependabot" : void 0;
}
function actsForOthers(payload) {
  if (member(payload, "issue", "pull_request") !== void 0) return true;
  const run = member(payload, "workflow_run");
  if (run === void 0) return false;
  const isOwn = numberAt(run, "head_repository", "id") === numberAt(payload, "repository", "id") && textAt(run, "head_branch") === textAt(payload, "repository", "default_branch");
  return !isOwn || (textAt(run, "event") ?? "").startsWith("pull_request");
}
function labelsOf(payload) {
  const labels = member(payload, "pull_request", "labels");
  return Array.isArray(labels) ? labels.flatMap((label) => textAt(label, "name") ?? []) : [];
}
function publishedOf(payload) {
  const headSha = textAt(payload, "workflow_run", "head_sha");
  const runId = numberAt(payload, "workflow_run", "id");
  const runAttempt = numberAt(payload, "workflow_run", "run_attempt") ?? 1;
  if (headSha === void 0 || runId === void 0) return void 0;
  const headRepository = textAt(payload, "workflow_run", "head_repository", "full_name");
  const headBranch = textAt(payload, "workflow_run", "head_branch");
  return { headSha, headRepository, headBranch, runId, runAttempt };
}
function acceptInputOf(payload) {
  const accept = member(payload, "inputs", "accept");
  if (accept !== true && accept !== "true") return void 0;
  return { reason: textAt(payload, "inputs", "reason") ?? "accepted by dispatch" };
}
function headShaOf(env, payload) {
  return textAt(payload, "pull_request", "head", "sha") ?? textAt(payload, "merge_group", "head_sha") ?? env.GITHUB_SHA ?? "";
}
function readGitHubEvent(env, payload) {
  const [owner = "", repo = ""] = (env.GITHUB_REPOSITORY ?? "").split("/");
  if (owner === "" || repo === "") {
    throw new GateError(
      "usage",
      "GITHUB_REPOSITORY is not set; this is not a GitHub Actions job",
      "Use the command line (`inference-gate run`) outside of GitHub Actions."
    );
  }
  const serverUrl = (env.GITHUB_SERVER_URL ?? "https://github.com").replace(/\/+$/, "");
  const runId = Number(env.GITHUB_RUN_ID ?? 0);
  const actor = env.GITHUB_ACTOR ?? "unknown";
  return {
    name: env.GITHUB_EVENT_NAME ?? "",
    owner,
    repo,
    serverUrl,
    apiUrl: (env.GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, ""),
    headSha: headShaOf(env, payload),
    runUrl: `${serverUrl}/${owner}/${repo}/actions/runs/${runId}`,
    runId,
    runAttempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1),
    actor,
    labels: labelsOf(payload),
    actsForOthers: actsForOthers(payload),
    ...present({
      label: textAt(payload, "label", "name"),
      branch: /^refs\/heads\/(.+)$/.exec(env.GITHUB_REF ?? "")?.[1],
      defaultBranch: textAt(payload, "repository", "default_branch"),
      base: baseOf(payload),
      pullRequest: numberAt(payload, "pull_request", "number"),
      withoutSecrets: withoutSecrets(payload, actor),
      published: publishedOf(payload),
      action: textAt(payload, "action"),
      sender: textAt(payload, "sender", "login"),
      acceptInput: acceptInputOf(payload),
      before: textAt(payload, "before")
    })
  };
}
function present(members) {
  return Object.fromEntries(
    Object.entries(members).filter(([, value2]) => value2 !== void 0)
  );
}
var GATED_EVENTS = ["pull_request", "merge_group"];
var RECORDED_EVENTS = ["schedule", "workflow_dispatch"];
function resolveMode(mode, event) {
  if (mode !== "auto") return mode;
  if (GATED_EVENTS.includes(event.name)) return "gate";
  if (RECORDED_EVENTS.includes(event.name)) return "record";
  if (event.name === "workflow_run") return "publish";
  if (event.name === "push" && event.branch === event.defaultBranch) return "record";
  const what = event.name === "push" ? `a push to ${event.branch ?? "a tag"}, which is not the default branch` : `the event ${event.name || "(none)"}`;
  throw new GateError(
    "usage",
    `mode auto does not say what to do on ${what}`,
    "Set `mode: gate` or `mode: record` on the step, or run it on pull_request, merge_group, push to the default branch, schedule or workflow_dispatch."
  );
}

// src/app/action/job.ts
async function openJob({ env, write, signal, settleMs }) {
  const inputs = readInputs(env);
  const event = readGitHubEvent(env, await readPayload(env));
  const mode = resolveMode(inputs.mode, event);
  refuseEarlier(inputs, mode);
  const workspace = env.GITHUB_WORKSPACE ?? process.cwd();
  const { owner, repo, apiUrl } = event;
  const token = inputs.githubToken;
  if (apiUrl !== void 0 && token !== "") proxyWithoutSecrets(apiUrl, env, "the token");
  const client = { token, apiUrl, owner, repo, signal, settleMs };
  return {
    inputs,
    event,
    mode,
    env,
    workspace,
    reportDir: resolve(workspace, inputs.reportDir),
    screen: logProgress(write),
    signal,
    ...token === "" ? {} : { github: githubClient(client) }
  };
}
function refuseEarlier({ referenceResults }, mode) {
  if (referenceResults === "" || mode === "gate") return;
  throw new GateError(
    "usage",
    `the input reference-results is judged by mode: gate alone, and this job's mode is ${mode}`,
    "Leave reference-results away here, or set mode: gate."
  );
}
async function readPayload(env) {
  const path = env.GITHUB_EVENT_PATH;
  const text = path === void 0 ? void 0 : await readTextIfThere(path);
  if (text === void 0) return {};
  try {
    return parseJson(text);
  } catch (cause) {
    throw new GateError("usage", `the event file ${path} is not JSON`, "Run the job again.", {
      cause
    });
  }
}
function remoteUrl({ serverUrl, owner, repo }) {
  return `${serverUrl}/${owner}/${repo}.git`;
}

// src/app/action/publish-report.ts
import { relative } from "node:path";
async function publishResult(job, jobResult, { runs, twins }) {
  const report = reportOf(jobResult);
  await publish(job, {
    report,
    runs,
    twins,
    verdict: jobResult.verdict,
    isBlocking: isBlocking(jobResult),
    isNews: isNews(jobResult),
    annotations: resultAnnotations(jobResult),
    figures: figures(jobResult)
  });
}
async function publishProblem(job, problem, annotations) {
  await publish(job, {
    report: reportOfProblem(problem),
    runs: {},
    verdict: "invalid",
    isBlocking: blocksMerge(problem),
    isNews: true,
    annotations,
    figures: {}
  });
}
function blocksMerge(problem) {
  return problem.kind !== "no-secrets" || problem.isBlocking === true;
}
async function publish(job, publication) {
  const { report, runs, verdict, annotations } = publication;
  const paths = await writeReport(job.reportDir, report, runs);
  if (paths.moved !== void 0) {
    annotate([{ level: "warning", title: "Report folder", message: paths.moved }]);
  }
  await writeSummary(summaryMarkdown(report.document), job.env.GITHUB_STEP_SUMMARY);
  annotate(annotations);
  const commentUrl = await comment(job, publication);
  setOutputs({
    verdict,
    headline: report.document.headline,
    "report-json": relative(job.workspace, paths.json),
    "report-html": relative(job.workspace, paths.html),
    "comment-url": commentUrl,
    ...publication.figures
  });
  job.screen.step(report.document.headline);
}
async function comment(job, publication) {
  const { github, event, inputs, mode } = job;
  const { report } = publication;
  if (mode !== "gate" || event.pullRequest === void 0 || github === void 0) return "";
  if (inputs.comment === "never") return "";
  try {
    const { url, authorUnknown } = await github.upsertComment({
      key: inputs.config,
      pullRequest: event.pullRequest,
      headCommit: event.headSha,
      runId: event.runId,
      runAttempt: event.runAttempt,
      twins: publication.twins,
      body: commentOf(report.document),
      onlyUpdate: !startsComment(inputs.comment, publication)
    });
    warnOfUnknownAuthor(authorUnknown);
    return url;
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    annotate([
      {
        level: "warning",
        title: "No comment was written",
        message: `${error.message} ${error.remedy}`
      }
    ]);
    return "";
  }
}
function warnOfUnknownAuthor(authorUnknown) {
  if (authorUnknown === void 0) return;
  const message = "GitHub did not say who the token writes as, so a comment with the marker of this gate that may be its own was left alone. Use the token of the job.";
  annotate([{ level: "warning", title: "Whose comment it is", message }]);
}
function startsComment(policy, { isNews: isNews2, isBlocking: isBlocking2 }) {
  return policy === "always" || policy === "on-change" && isNews2 || isBlocking2;
}
function isBlocking({ gates, context: { blocking, dropped } }) {
  const isBlockedByGates = gates.filter(isCounted).some(({ verdict }) => blocks(verdict, { ...blocking, invalid: true }));
  return isBlockedByGates || dropped?.blocks === true;
}
function isNews({ verdict, gates, context: { dropped } }) {
  const verdicts = gates.flatMap(({ metrics }) => metrics.map((metric) => metric.verdict));
  return verdict !== "passed" || verdicts.includes("improved") || dropped !== void 0;
}
function figures(jobResult) {
  const { gates, requests, spent } = jobResult;
  const texts = reportTexts(jobResult);
  const every = gates.map((gate2, position) => ({
    name: gate2.gate,
    verdict: gate2.verdict,
    headline: texts.gates[position]?.headline,
    ...figuresOf(gate2),
    requests: gate2.requests,
    "spent-usd": gate2.spent.usd
  }));
  const [first] = gates;
  return {
    gates: JSON.stringify(every),
    ...first === void 0 ? {} : figuresOf(first),
    requests,
    "spent-usd": spent.usd
  };
}
function figuresOf(gate2) {
  return {
    "ttft-p50-ms": value(gate2, "ttft_p50"),
    "ttft-p95-ms": value(gate2, "ttft_p95"),
    "ttft-p99-ms": value(gate2, "ttft_p99"),
    "latency-p50-ms": value(gate2, "latency_p50"),
    "latency-p95-ms": value(gate2, "latency_p95"),
    "latency-p99-ms": value(gate2, "latency_p99"),
    "error-rate": value(gate2, "error_rate"),
    "cost-per-answer-usd": gate2.perAnswerUsd
  };
}
function value(gate2, id) {
  const candidate = gate2.metrics.find((metric) => metric.id === id)?.candidate;
  return candidate !== void 0 && Number.isFinite(candidate) ? candidate : void 0;
}

// src/app/action/recorded-inputs.ts
async function besideRecorded(job, read, store) {
  const { base: event } = job.event;
  if (event === void 0 || read.base !== void 0) return read;
  const base = await recordedConfig(job, { store, branch: event.branch, like: read.config });
  if (base === void 0) return read;
  const { reach } = read;
  const origins = base.gates.map(({ endpoint }) => new URL(endpoint.url).origin);
  return {
    ...read,
    ...combineTrusted(base, read.head?.config ?? read.config),
    base,
    reach: reach.kind === "anywhere" ? reach : { ...reach, origins: [...reach.origins, ...origins] }
  };
}
async function recordedConfig(job, { store, branch, like }) {
  const run = newestOf(await store.read(GATE_OF_INPUTS), branch, like);
  const inputs = run?.provenance.inputs;
  if (run === void 0 || inputs === void 0) return void 0;
  const url = urlOf(run) ?? like.gates[0]?.endpoint.url ?? "";
  try {
    const { config } = await readConfig({
      file: `the inputs of run ${run.id}`,
      read: async () => configOfInputs({ ...inputs, url }),
      env: job.env,
      overrides: {}
    });
    return config;
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error;
    const [first] = error.issues;
    job.screen.step(
      `what run ${run.id} was asked cannot be asked again${first === void 0 ? "" : `: ${issueLine(first)}`}`
    );
    return void 0;
  }
}
function newestOf({ runs }, branch, like) {
  const own = runs.flatMap(
    ({ run, standing }) => standing === "accepted" && run.provenance.inputs !== void 0 && run.provenance.branch === branch ? [run] : []
  );
  const asked = new Set(
    like.gates.map(({ endpoint }) => JSON.stringify([endpoint.url, endpoint.model]))
  );
  return own.findLast((run) => asked.has(JSON.stringify([urlOf(run), run.subject.model]))) ?? own.at(-1);
}
function urlOf({ subject: { url } }) {
  return url === void 0 || url.includes("?") || !URL.canParse(url) ? void 0 : url;
}

// src/app/action/gate.ts
async function gate(job) {
  const read = await readGateConfig(job);
  annotate(issueAnnotations(read.warnings));
  const acceptance = await acceptedBy(job, read.config.policy.acceptLabel);
  const context = await baselineContext(job);
  const unaffected = await unaffectedGates(job, read, async () => context);
  const questions = questionsOf(read.base, read.config, acceptance.accept !== void 0);
  const planned = gateRequests({
    ...configsOf(questions, read),
    context,
    provenance: provenanceOf(job),
    accept: acceptance.accept
  }).filter(({ gate: { name } }) => !unaffected.has(name));
  const requests = await besideEarlier(job, asProposed(planned, questions));
  const taken = await measuredUnlessWithoutLogin(job, read, requests);
  if (taken === "without-login") return await noSecrets(job, read);
  const measured = judgedBetween(taken, requests).map((one) => asAsked(one, questions));
  const gateRuns = inOrderOf(questions, [...unaffected.values(), ...measured]);
  if (isWithoutSecrets(job, gateRuns)) return await noSecrets(job, read);
  const results = gateRuns.map(({ result }) => result);
  const jobResult = jobResultOf(results, reportContext(job, read, acceptance));
  const twins = gateRuns.flatMap(
    ({ gate: name, twins: one }) => one ? [{ gate: name, ...one }] : []
  );
  await publishResult(job, jobResult, { runs: runFiles(gateRuns), twins });
  return exitCodeOfVerdicts(
    results.filter(isCounted).map(({ verdict }) => verdict),
    read.config.policy,
    jobResult.context.dropped
  );
}
async function measuredUnlessWithoutLogin(job, read, requests) {
  try {
    return requests.length === 0 ? [] : await measureOrTake(job, read, requests);
  } catch (error) {
    const isExpected = error instanceof MissingLogin && job.event.withoutSecrets !== void 0;
    if (isExpected) return "without-login";
    throw error;
  }
}
async function readGateConfig(job) {
  const read = await readJobConfig(job);
  if (read.base !== void 0 || job.event.base === void 0) return read;
  return await withBranchStore(placeOf(job, read), (store) => besideRecorded(job, read, store));
}
function measureOrTake(job, read, requests) {
  return withStore(
    job,
    read,
    (store) => job.inputs.results === "" ? measureAll(job, read, { requests, store }) : judgeAllSaved(job, { requests, store })
  );
}
function withStore(job, read, act) {
  const owner = ownerOf(configOfJob(job), read.config, read.base);
  return withBranchStore(placeOf(job, read), (store) => act(storeOfConfig(store, owner)));
}
function placeOf(job, { config }) {
  const { event, inputs, env, signal } = job;
  return {
    remoteUrl: remoteUrl(event),
    branch: config.baseline.branch,
    token: inputs.githubToken === "" ? void 0 : inputs.githubToken,
    reportDir: inputs.reportDir,
    working: workingBranches(job),
    env,
    signal
  };
}
function workingBranches({ event, env }) {
  const { defaultBranch, base, branch } = event;
  return [defaultBranch, base?.branch, branch, env.GITHUB_HEAD_REF].flatMap((name) => name || []);
}
function portsOf(job, { config, reach }, store) {
  const { inputs, env, signal, screen } = job;
  return gatePorts({
    env,
    store,
    keys: {
      candidate: inputs.apiKey || void 0,
      reference: inputs.referenceApiKey || void 0
    },
    policy: config.policy,
    reach,
    signal,
    screen,
    mask: maskSecret,
    withoutLogin: isWithoutLogin(job)
  });
}
async function measureAll(job, read, { requests, store }) {
  const ports = portsOf(job, read, store);
  return await runAll(
    await withTurns(requests, ports),
    (request) => runGate(request, ports),
    await keepRuns(job.reportDir)
  );
}
async function judgeAllSaved(job, { requests, store }) {
  const { results } = job.inputs;
  const read = runsOfConfig(await readRuns([results], job.workspace), configOfJob(job));
  const saved = mergedByGate(read);
  return await runAll(
    requests,
    async (request) => {
      const run = saved.get(request.gate.name);
      if (run === void 0) {
        throw new GateError(
          "usage",
          `no run file of the gate ${request.gate.name} matches ${results}; found are ${[...saved.keys()].join(", ")}`,
          "Let every shard job upload its report folder, and download all of them before this step."
        );
      }
      const contents = await store.read(request.gate.name);
      const stored = { contents, nowIso: nowIso(), held: heldFor(request) };
      const history = historyOf(run, request, stored);
      return judgeSaved(run, request, history);
    },
    await keepRuns(job.reportDir)
  );
}
function isWithoutSecrets({ event, inputs }, gateRuns) {
  if (event.withoutSecrets === void 0 || inputs.apiKey !== "") return false;
  return gateRuns.some(
    ({ invalidities }) => invalidities.some(
      (one) => one.kind === "nothing-completed" && (one.status === 401 || one.status === 403)
    )
  );
}
async function noSecrets(job, { config }) {
  const who = job.event.withoutSecrets ?? "fork";
  const level = "notice";
  const message = "This run is given no secrets, so the endpoint could not be asked: nothing was judged.";
  const isBlocking2 = config.policy.noSecrets === "fail";
  await publishProblem(job, { kind: "no-secrets", who, isBlocking: isBlocking2 }, [
    { level, title: "Not measured", message }
  ]);
  return exitCodeWithoutSecrets(config.policy);
}

// src/app/action/measure-only.ts
var NO_STORE = {
  place: "nowhere",
  read: async () => ({ runs: [], epochs: [], unreadable: [], place: "nowhere" }),
  append: async () => {
    throw new TypeError("a shard stores nothing");
  }
};
async function measureOnly(job) {
  const read = await readGateConfig(job);
  annotate(issueAnnotations(read.warnings));
  const unaffected = await unaffectedGates(job, read, () => baselineContext(job));
  const questions = questionsOf(read.base, read.config);
  const requests = gateRequests({
    ...configsOf(questions, read),
    context: {},
    provenance: provenanceOf(job)
  }).filter(({ gate: { name } }) => !unaffected.has(name));
  const ports = portsOf(job, read, NO_STORE);
  const shards = await runAll(
    await withTurns(requests, ports),
    async (request) => request.measured ?? await measureShard(request, ports),
    await keepRuns(job.reportDir)
  );
  const runs = shards.flatMap((shard) => shard.runs);
  setOutputs({
    requests: runs.reduce((sum, { records }) => sum + records.length, 0),
    "spent-usd": sumOfCosts(runs.map(({ spent }) => spent)).usd
  });
  const invalid = shards.filter(({ invalidities }) => invalidities.length > 0);
  annotate(
    invalid.map(({ gate: gate2, invalidities }) => ({
      level: "error",
      title: `Inference Gate: ${gate2}`,
      message: `This shard cannot be used. ${invalidities.map(inWords).join(" ")}`
    }))
  );
  return invalid.length > 0 ? EXIT.couldNotMeasure : EXIT.passed;
}
function inWords(invalidity) {
  const { fact, remedy } = invalidityWords(invalidity);
  return `${fact} ${remedy}`;
}

// src/app/action/publish-artifact.ts
import { join } from "node:path";

// src/app/action/published-rules.ts
async function publishedRules(asking) {
  const { github, pull, published } = asking;
  const base = await baseConfig(asking);
  if (base === void 0 || pull.headSha !== published.headSha) return { base };
  return { base, ...await labelSpeaks(github, pull, base.policy.acceptLabel) };
}
async function baseConfig({ job, github, pull }) {
  const tip = await github.branchTip(pull.baseRef);
  if (!hasGateInputs(job.inputs.gate)) return await configAt(job, tip);
  const files = [(path) => github.readFile(path, tip)];
  return await readConfigOfInputs(job, { files, overrides: {} });
}

// src/app/action/publish-artifact.ts
async function publishArtifact(job) {
  const { github, event, inputs, screen } = job;
  const { published } = event;
  if (published === void 0 || github === void 0) {
    throw new GateError(
      "usage",
      published === void 0 ? `mode publish needs the event workflow_run, this is ${event.name || "no event"}` : "mode publish needs a github-token",
      "See examples/ for the workflow that publishes the report of a fork."
    );
  }
  const report = await readArtifact(job);
  const { headSha: sha, headRepository, headBranch } = published;
  const pull = await github.findPullRequestByHead({
    sha,
    repository: headRepository,
    branch: headBranch
  });
  if (pull === void 0) {
    screen.step(`no open pull request has the head ${published.headSha}: nothing to comment on`);
    return EXIT.passed;
  }
  const said = await saidOf(report, { job, github, pull, published });
  if (inputs.comment === "never") return said.code;
  const { document } = said;
  const { url, authorUnknown } = await github.upsertComment({
    key: inputs.config,
    pullRequest: pull.number,
    headCommit: published.headSha,
    currentHead: pull.headSha,
    runId: published.runId,
    runAttempt: published.runAttempt,
    body: commentOf(document),
    onlyUpdate: !startsComment(inputs.comment, said)
  });
  warnOfUnknownAuthor(authorUnknown);
  setOutputs({ headline: document.headline, "comment-url": url });
  screen.step(`commented on #${pull.number}: ${document.headline}`);
  return said.code;
}
async function saidOf(report, to) {
  let rules;
  try {
    rules = await publishedRules(to);
  } catch (error) {
    if (!(error instanceof ConfigProblems)) throw error;
    annotate(issueAnnotations(error.issues));
    const document2 = describeProblem(unreadable(error, to));
    return { document: document2, isNews: true, isBlocking: true, code: exitCodeOfError(error.kind) };
  }
  if (report.kind === "problem") return saidOfProblem(report.problem, to, rules);
  const { jobResult, added } = judgedByRules(report.jobResult, to, rules);
  const { headRepository } = to.published;
  const lacking = rules.base === void 0 ? to.job.inputs.config : void 0;
  const told = { who: headRepository, baseBranch: to.pull.baseRef, lacking, added };
  const document = saidByTheirs(describe(jobResult), told);
  return { document, ...weightOf(jobResult), code: EXIT.passed };
}
function unreadable({ issues }, { job, pull }) {
  const [first] = issues;
  const where = first === void 0 ? "" : ` (${issueLine(first)})`;
  const file = `${job.inputs.config} on ${pull.baseRef}`;
  return {
    kind: "error",
    message: `${file} cannot be read${where}, so nothing of the report was judged`,
    remedy: `Correct ${file}, and run the workflow that publishes again.`
  };
}
function saidOfProblem(problem, to, { base }) {
  const ours = problemInOurWords(problem, base?.policy.noSecrets === "fail");
  const { headRepository: who } = to.published;
  const told = { who, baseBranch: to.pull.baseRef, added: [] };
  const document = saidByTheirs(describeProblem(ours), told);
  return { document, isNews: true, isBlocking: blocksMerge(ours), code: EXIT.passed };
}
async function readArtifact(job) {
  const path = join(job.reportDir, "report.json");
  const text = await readTextIfThere(path);
  const decoded = text === void 0 ? void 0 : decodeReport(text);
  if (decoded?.ok === true) {
    const problem = nameProblem(decoded.report);
    if (problem === void 0) return decoded.report;
    throw new GateError("file", `${path} ${problem}`, REMEDY);
  }
  throw new GateError(
    "file",
    decoded === void 0 ? `there is no ${path}` : `${path} ${decoded.problem}`,
    REMEDY
  );
}
var REMEDY = "Download the report folder of the run that measured into report-dir.";
function nameProblem(report) {
  if (report.kind === "problem") return void 0;
  const { gates } = report.jobResult;
  const names = gates.map(({ gate: gate2 }) => gate2);
  const strange = names.find((name) => !isGateName(name));
  if (strange !== void 0) return `names a gate as no config can: ${strange.slice(0, 64)}`;
  const twice = repeated(names);
  if (twice !== void 0) return `has the gate ${twice} twice`;
  const metric = gates.flatMap(({ metrics }) => repeated(metrics.map(({ id }) => id)) ?? [])[0];
  return metric && `has the metric ${metric.slice(0, 64)} twice in one gate`;
}
function repeated(names) {
  return names.find((name, position) => names.indexOf(name) !== position);
}
function judgedByRules({ gates, context }, to, { base, accept, isStale }) {
  const { job, pull, published } = to;
  const { serverUrl, owner, repo } = job.event;
  const policy = base?.policy ?? defaultPolicy();
  const ruled = judgeReported(gates, { base, defaults, accept });
  const jobResult = jobResultOf(ruled.gates, {
    tool: TOOL,
    mode: "gate",
    verified: false,
    ...context.preview === true ? { preview: true } : {},
    // Commits, branch and address are GitHub's own words, not the file's.
    headCommit: published.headSha,
    baseBranch: pull.baseRef,
    baseCommit: pull.baseSha,
    runUrl: `${serverUrl}/${owner}/${repo}/actions/runs/${published.runId}`,
    config: configOfJob(job),
    limitsFrom: base === void 0 ? "file" : "base",
    proposedChanges: [],
    dropped: droppedOf(ruled.dropped, policy, accept !== void 0),
    acceptLabel: policy.acceptLabel,
    acceptLabelIsStale: isStale,
    blocking: blockingOf(policy)
  });
  return { jobResult, added: ruled.added };
}
function defaults(result) {
  const { requests: samples } = result;
  return defaultLimits({ samples, prices: void 0, waits: waitFamilyOf(result) });
}
function weightOf(jobResult) {
  return { isNews: isNews(jobResult), isBlocking: isBlocking(jobResult) };
}
function problemInOurWords(problem, blocks2) {
  if (problem.kind === "no-secrets") {
    return { kind: problem.kind, who: problem.who, ...blocks2 ? { isBlocking: true } : {} };
  }
  const what = problem.kind === "config" ? "its config has mistakes" : "it could not run";
  return {
    kind: "error",
    message: `the job that measures ended without a result: ${what}`,
    remedy: "Its own log says why."
  };
}
function saidByTheirs(document, told) {
  const { alert } = document;
  return { ...document, alert: { ...alert, lines: [...toldByOthers(told), ...alert.lines] } };
}

// src/app/action/record.ts
import { join as join2 } from "node:path";

// src/app/action/first-runs.ts
async function firstRunsOf(job, config, store) {
  const found = [];
  for (const { name } of config.gates) {
    const first = await firstRunOf(name, { job, config, store });
    if (first !== void 0) found.push(first);
  }
  return found;
}
async function firstRunOf(name, place) {
  const { job, config, store } = place;
  const gate2 = config.gates.find((one) => one.name === name);
  if (gate2 === void 0) return void 0;
  const { runs } = await store.read(name);
  const own = runs.filter(({ run }) => run.provenance.branch === (job.event.branch ?? void 0));
  const { loadShapeHash } = comparableOf(gate2);
  const ofShape = own.filter(({ run }) => run.loadShapeHash === loadShapeHash);
  if (ofShape.some(isAccepted)) return void 0;
  const commit = own.findLast(isAccepted)?.run.provenance.commit ?? job.event.before;
  const before = commit === void 0 ? void 0 : await questionBefore(name, commit, place);
  return before === void 0 && own.length === 0 ? void 0 : { gate: name, before };
}
function isAccepted({ standing }) {
  return standing === "accepted";
}
async function questionBefore(name, commit, { job, config, store }) {
  try {
    const recorded = { store, branch: job.event.branch, like: config };
    const old = await configAt(job, commit) ?? await recordedConfig(job, recorded);
    return questionsOf(old, config).find(({ asked }) => asked?.as === "base" && asked.head === name);
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    job.screen.step(`the config at ${commit.slice(0, 7)} is not known: ${error.message}`);
    return void 0;
  }
}
function withFirstRuns(requests, firstRuns, requestsOf) {
  return requests.flatMap((request) => {
    const first = firstRuns.find(({ gate: gate3 }) => gate3 === request.gate.name);
    if (first === void 0) return [request];
    const { gate: gate2, asked } = first.before ?? {};
    const part = asked && { as: "before", of: request.gate.name, asked };
    const before = gate2 === void 0 ? [] : requestsOf(gate2);
    return [
      ...before.map((one) => ({ ...one, firstRun: part })),
      { ...request, firstRun: { as: "new" } }
    ];
  });
}

// src/app/action/merged-twins.ts
async function withMergedTwins(job, requests) {
  const merged = await unlessUnknown(job, {
    ask: () => mergedTwins(job),
    what: "what the merged pull request measured is not known"
  });
  if (merged === void 0) return requests;
  return requests.map((request) => {
    const found = merged.twins.find((one) => isTwinsOf(one, request.gate.name));
    if (found === void 0) return request;
    const { difference, error } = found;
    const { pullRequest } = merged;
    const provenance = { ...request.provenance, merged: { pullRequest, difference, error } };
    return { ...request, provenance };
  });
}
async function mergedTwins({ github, event, inputs }) {
  if (github === void 0 || event.name !== "push") return void 0;
  const pull = await github.mergedPullRequestOf(event.headSha);
  if (pull?.merged === void 0 || pull.isFork || pull.baseRef !== event.branch) return void 0;
  const { number: pullRequest, headSha } = pull;
  const marker = await github.ownMarker({ key: inputs.config, pullRequest });
  if (marker?.twins === void 0 || marker.headCommit !== headSha.toLowerCase()) return void 0;
  return { pullRequest, twins: marker.twins };
}

// src/app/action/record.ts
async function record(job) {
  const read = await readJobConfig(job);
  annotate(issueAnnotations(read.warnings));
  const opening = await openingOf(job, read.config.policy.acceptLabel);
  const { signal, screen } = job;
  const setting = {
    series: job.inputs.series,
    signal,
    announce: (text) => screen.step(text)
  };
  const recorded = await recordSeries(
    setting,
    (isFirst) => recordOnce(job, read, isFirst ? opening : void 0),
    (gates) => codeOf(gates) === EXIT.passed
  );
  const jobResult = jobResultOf(
    recorded.map(({ result }) => result),
    reportContext(job, read)
  );
  await publishResult(job, jobResult, { runs: runFiles(recorded) });
  return codeOf(recorded);
}
function codeOf(recorded) {
  const hasFailed = recorded.some(({ result }) => isCounted(result) && result.verdict === "failed");
  return exitCodeOfRecord(recorded, hasFailed);
}
async function recordOnce(job, read, opening) {
  const { config } = read;
  const rest = {
    context: await baselineContext(job),
    provenance: provenanceOf(job),
    accept: acceptanceOf(opening, config.policy.acceptLabel)
  };
  const requests = await withMergedTwins(job, gateRequests({ config, ...rest }));
  const { results } = job.inputs;
  const saved = results === "" ? void 0 : mergedByGate(runsOfConfig(await readRuns([results], job.workspace), configOfJob(job)));
  return await withStore(job, read, async (store) => {
    const ports = portsOf(job, read, store);
    const isMeasured = saved === void 0 && opening === void 0;
    const firstRuns = isMeasured ? await firstRunsOf(job, config, store) : [];
    const gates = await recordGates({
      config,
      requests: saved === void 0 ? withFirstRuns(
        requests,
        firstRuns,
        (gate2) => gateRequests({ config: { ...config, gates: [gate2] }, ...rest })
      ) : requestsOfSaved(requests, saved),
      ports,
      opening,
      keep: await keepRuns(job.reportDir),
      saved
    });
    for (const line of standingLines(gates, store.place)) job.screen.step(line);
    await keepHistory(job, config, store);
    return gates;
  });
}
async function keepHistory(job, config, store) {
  try {
    await writeHistory({
      folder: join2(job.reportDir, "history"),
      title: `Inference history of ${job.event.owner}/${job.event.repo}`,
      gates: config.gates,
      config: configOfJob(job),
      store
    });
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    job.screen.step(`there is no history page: ${error.message}`);
  }
}
function acceptanceOf(opening, label) {
  if (opening === void 0) return void 0;
  const { by, reason } = opening;
  return opening.how === "label" ? { label, by } : { reason, by };
}

// src/app/action/action.ts
var MODES2 = { gate, record, measure: measureOnly, publish: publishArtifact };
async function runAction(given) {
  const options = { ...given, write: (text) => given.write(escapeLog(leaving.text(text))) };
  let job;
  try {
    job = await openJob(options);
    for (const secret of secretsOf(job)) maskSecret(secret);
    job.screen.step(`Inference Gate ${VERSION}: ${job.mode} on ${job.event.name || "no event"}`);
    return await MODES2[job.mode](job);
  } catch (error) {
    return await explain(error, job, options).catch((bug) => explainBug(bug, options));
  }
}
function secretsOf({ inputs, env }) {
  const { apiKey, referenceApiKey, githubToken } = inputs;
  return [apiKey, referenceApiKey, githubToken, ...proxySecrets(env)].filter((key) => key !== "");
}
async function explain(error, job, options) {
  if (!(error instanceof GateError)) return explainBug(error, options);
  const issues = error instanceof ConfigProblems ? error.issues : [];
  for (const issue of issues) options.write(`${issueLine(issue)}
`);
  const plain = { level: "error", title: "Inference Gate", message: sentenceOf(error) };
  const annotations = issues.length === 0 ? [plain] : issueAnnotations(issues);
  annotate(annotations);
  if (job !== void 0) await reportProblem(job, error, options);
  return exitCodeOfError(error.kind);
}
async function reportProblem(job, error, options) {
  try {
    await publishProblem(job, problemOf(error), []);
  } catch (another) {
    if (!(another instanceof GateError)) throw another;
    options.write(`there is no report of this: ${sentenceOf(another)}
`);
  }
}
function explainBug(error, options) {
  const trace = error instanceof Error ? error.stack ?? error.message : String(error);
  annotate([{ level: "error", title: "A bug of Inference Gate", message: firstLine(trace) }]);
  options.write(`${trace}
`);
  return EXIT.bug;
}
function problemOf(error) {
  return error instanceof ConfigProblems ? { kind: "config", issues: error.issues } : { kind: "error", message: error.message, remedy: error.remedy };
}
function sentenceOf({ message, remedy }) {
  return `${message}${/[.!?]$/.test(message) ? "" : "."} ${remedy}`;
}
function firstLine(text) {
  return text.split("\n")[0] ?? text;
}
export {
  runAction
};

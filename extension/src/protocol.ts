// The requests and answers between the shell and the helper. This file mirrors
// server/holdfast/lsp/protocol.py; tests/protocol.schema.json holds both, so its style is
// restricted: one field a line, no imports, nothing but interfaces, types and constants.

export const LookAgain = 'holdfast/lookAgain';
export const Check = 'holdfast/check';
export const Interpreters = 'holdfast/interpreters';
export const Environments = 'holdfast/environments';
export const Requirements = 'holdfast/requirements';
export const Create = 'holdfast/create';
export const Record = 'holdfast/record';
export const Plan = 'holdfast/plan';
export const RepairEnvironment = 'holdfast/repair';
export const HasLooked = 'holdfast/looked';

/** JSON-RPC error codes of work that could not be done, and of work that was cancelled. */
export const RequestFailed = -32803;
export const RequestCancelled = -32800;

export type Severity = 'error' | 'warning' | 'information' | 'hint';
/** What the problems of a rule count as; `off`: they are none. */
export type RuleSeverity = 'error' | 'warning' | 'information' | 'hint' | 'off';
export type EnvironmentState = 'healthy' | 'degraded' | 'broken';
export type InterpreterState = 'ok' | 'shim' | 'broken' | 'denied' | 'environment';
export type Links = 'symlink' | 'hardlink' | 'copy';
export type WantedLinks = 'auto' | 'symlink' | 'copy';
export type Seed = 'pip' | 'none';
/** How the choice of an interpreter is recorded. */
export type InterpreterPath = 'api' | 'settings' | 'off';

export interface Settings {
  environment: string;
  python: string;
  alias: boolean;
  sitePackagesLink: boolean;
  links: WantedLinks;
  seed: Seed;
  interpreterPath: InterpreterPath;
  searchPaths: string[];
  exclude: string[];
  rules: Record<string, RuleSeverity>;
}

export interface InitializationOptions {
  trusted: boolean;
  settings: Settings;
}

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface Fix {
  id: string;
  title: string;
  safe: boolean;
  preferred: boolean;
}

export interface Related {
  file: string;
  range: Range;
  message: string;
}

export interface Problem {
  rule: string;
  severity: Severity;
  message: string;
  file: string;
  range: Range;
  environment: string;
  fixes: Fix[];
  related: Related[];
}

export interface Environment {
  path: string;
  state: EnvironmentState;
  version: string | null;
  base: string | null;
}

export interface CheckReport {
  problems: Problem[];
  environments: Environment[];
}

export type Rank = 'series' | 'system' | 'conda' | 'executable' | 'unversioned' | 'patch';

export interface Interpreter {
  path: string;
  title: string;
  stable: string;
  rank: Rank | null;
  reason: string | null;
  real: string;
  version: string | null;
  implementation: string;
  architecture: string | null;
  freeThreaded: boolean;
  debug: boolean;
  aliases: string[];
  source: string;
  sources: string[];
  state: InterpreterState;
  error: string | null;
  carriesEnvironments: boolean;
}

export interface InterpreterList {
  interpreters: Interpreter[];
}

export interface EnvironmentsParams {
  folder: string;
}

export interface FolderEnvironment {
  path: string;
  interpreter: string;
  version: string | null;
  state: EnvironmentState;
  reason: string | null;
  own: boolean;
  setting: string;
}

export interface EnvironmentList {
  environments: FolderEnvironment[];
  record: InterpreterPath;
}

export interface RequirementsParams {
  folder: string;
}

export interface RequirementSource {
  id: string;
  label: string;
  file: string;
}

export interface RequirementList {
  sources: RequirementSource[];
  python: string | null;
  reason: string | null;
}

export interface CreateParams {
  folder: string;
  name: string;
  python: string;
  replace: boolean;
  redirect: boolean;
  install: string[];
  workDoneToken?: string;
}

export interface Base {
  path: string;
  stable: string;
  version: string | null;
}

export interface Seeded {
  name: string;
  version: string;
}

export interface Creation {
  environment: string;
  interpreter: string;
  version: string | null;
  base: Base;
  links: Links;
  alias: boolean;
  seeded: Seeded[];
  redirect: string | null;
  installed: string[];
  notes: string[];
  setting: string;
  record: InterpreterPath;
  failure: string | null;
}

export interface RecordParams {
  folder: string;
  value: string;
}

export interface Recorded {
  file: string;
  changed: boolean;
}

export interface PlanParams {
  environment: string;
}

export interface PlannedFix {
  fix: Fix;
  problem: string;
  steps: string[];
}

export interface RepairPlan {
  environment: string;
  planned: PlannedFix[];
}

export interface RepairParams {
  environment: string;
  fix: string | null;
}

export interface Planned {
  title: string;
  steps: string[];
}

export interface Repair {
  environment: string;
  planned: Planned[];
  applied: string[];
  remaining: Problem[];
  undo: string | null;
}

export interface FolderStatus {
  uri: string;
  own: FolderEnvironment | null;
  environments: number;
  broken: number;
  record: InterpreterPath;
}

export interface Looked {
  folders: FolderStatus[];
  errors: number;
  warnings: number;
}

// The small part of the `vscode` module that the units under test touch. It records what is shown.
export const shown = {
  errors: [] as string[],
  warnings: [] as string[],
  information: [] as string[],
  status: [] as string[],
};
/** The button that is pressed on the next message that has it. */
export const pressed: string[] = [];

/** `section.key` → what `inspect` answers. */
export const inspected = new Map<string, object>();
/** `section.key` → what `get` answers. */
export const configured = new Map<string, unknown>();

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
    readonly query = '',
  ) {}
  static file(path: string) {
    return new Uri('file', path);
  }
  static parse(text: string) {
    const [, scheme = '', path = '', query = ''] =
      /^([a-z]+):(?:\/\/)?([^?]*)\??(.*)$/.exec(text) ?? [];
    return new Uri(scheme, decodeURIComponent(path), decodeURIComponent(query));
  }
  static joinPath(base: Uri, ...names: string[]) {
    return new Uri(base.scheme, [base.path, ...names].join('/'));
  }
  get fsPath() {
    return this.path;
  }
  toString() {
    return `${this.scheme}://${this.path}`;
  }
}

export class EventEmitter<T> {
  private listeners: ((event: T) => void)[] = [];
  event = (listener: (event: T) => void) => {
    this.listeners.push(listener);
    return {
      dispose: () => {
        this.listeners = this.listeners.filter((other) => other !== listener);
      },
    };
  };
  fire(event: T) {
    for (const listener of this.listeners) {
      listener(event);
    }
  }
  dispose() {
    this.listeners = [];
  }
}

export class CancellationError extends Error {}
export class Disposable {
  static from() {
    return new Disposable();
  }
  dispose() {}
}
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const LanguageStatusSeverity = { Information: 0, Warning: 1, Error: 2 };
export const InputBoxValidationSeverity = { Info: 1, Warning: 2, Error: 3 };
export const LogLevel = { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 };
export const ProgressLocation = { Notification: 15 };

function show(messages: string[]) {
  return async (message: string, ...rest: unknown[]) => {
    messages.push(message);
    const button = rest.find((item) => item === pressed[0]);
    return button === undefined ? undefined : pressed.shift();
  };
}

export const window = {
  showErrorMessage: show(shown.errors),
  showWarningMessage: show(shown.warnings),
  showInformationMessage: show(shown.information),
  setStatusBarMessage: (message: string) => void shown.status.push(message),
  withProgress: (_: object, work: (progress: object, token: object) => Promise<unknown>) =>
    work({ report: () => {} }, { onCancellationRequested: () => {} }),
};

/** What was put on the clipboard. */
export const copied: string[] = [];
export const env = { clipboard: { writeText: async (text: string) => void copied.push(text) } };

export const workspace = {
  isTrusted: true,
  workspaceFolders: [] as { name: string; uri: Uri }[],
  getWorkspaceFolder: (uri: Uri) =>
    workspace.workspaceFolders.find((folder) => folder.uri.toString() === uri.toString()),
  workspaceFile: undefined as Uri | undefined,
  asRelativePath: (path: string) => path.replace(/^\/code\//, ''),
  textDocuments: [] as { uri: Uri; isDirty: boolean }[],
  getConfiguration: (section: string) => ({
    get: (key: string) => configured.get(`${section}.${key}`),
    inspect: (key: string) => inspected.get(`${section}.${key}`),
  }),
};

export const registered: string[] = [];
/** The commands that were executed, each with its arguments. */
export const executed: unknown[][] = [];
export const commands = {
  executeCommand: async (...command: unknown[]) => void executed.push(command),
  registerCommand: (id: string) => {
    registered.push(id);
    return { dispose: () => {} };
  },
};
export const languages = {};
/** The extensions that are there, by their ids. */
export const installed = new Map<string, object>();
export const extensions = { getExtension: (id: string) => installed.get(id) };

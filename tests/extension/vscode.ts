// The small part of the `vscode` module that the units under test touch. It records what is shown.
export const shown: { errors: string[]; warnings: string[] } = { errors: [], warnings: [] };

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
export const LogLevel = { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 };
export const ProgressLocation = { Notification: 15 };

export const window = {
  showErrorMessage: async (message: string) => void shown.errors.push(message),
  showWarningMessage: async (message: string) => void shown.warnings.push(message),
};

export const workspace = {
  isTrusted: true,
  workspaceFile: undefined as Uri | undefined,
  asRelativePath: (path: string) => path.replace(/^\/code\//, ''),
  textDocuments: [] as { uri: Uri; isDirty: boolean }[],
  getConfiguration: (section: string) => ({
    get: (key: string) => configured.get(`${section}.${key}`),
    inspect: (key: string) => inspected.get(`${section}.${key}`),
  }),
};

export const registered: string[] = [];
export const commands = {
  executeCommand: async () => undefined,
  registerCommand: (id: string) => {
    registered.push(id);
    return { dispose: () => {} };
  },
};
export const languages = {};
export const extensions = { getExtension: () => undefined };

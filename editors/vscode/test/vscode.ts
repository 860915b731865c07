// What stands in for VS Code: it notes what it is told; everything else that it has does nothing.

/** Something that can be called, made, read and asked for anything. */
function nothing(): object {
  const known = new Map<PropertyKey, unknown>();
  return new Proxy(function () {}, {
    apply: () => nothing(),
    construct: () => nothing(),
    get: (target, name) => {
      if (name === "then") return undefined;
      if (name === "prototype") return target.prototype;
      if (name === Symbol.toPrimitive) return () => "";
      if (name === Symbol.iterator) return [][Symbol.iterator];
      if (!known.has(name)) known.set(name, nothing());
      return known.get(name);
    },
    set: (_, name, value) => {
      known.set(name, value);
      return true;
    },
  });
}

/** These parts, and nothing for all others. */
function having<T extends object>(parts: T): T {
  return Object.setPrototypeOf(parts, nothing());
}

/** An editor with a log of what an extension said and did. */
export function editor() {
  const said: string[] = [];
  const commands = new Map<string, (...given: unknown[]) => unknown>();
  const settings = new Map<string, unknown>();
  const say = (line: string) => void said.push(line);
  const output = having({ appendLine: say, append: say, info: say, warn: say, error: say, dispose() {} });
  const disposable = { dispose() {} };
  const vscode = having({
    version: "1.91.0",
    env: { appName: "test", language: "en" },
    window: having({
      createOutputChannel: () => output,
      showErrorMessage: async (message: string) => say(message),
      activeTextEditor: undefined,
      visibleTextEditors: [],
      tabGroups: having({ all: [] }),
      onDidChangeActiveTextEditor: () => disposable,
      onDidChangeVisibleTextEditors: () => disposable,
    }),
    workspace: having({
      textDocuments: [],
      notebookDocuments: [],
      workspaceFolders: undefined,
      getConfiguration: () => ({ get: (name: string, usual: unknown) => settings.get(name) ?? usual }),
    }),
    commands: having({
      registerCommand: (name: string, command: (...given: unknown[]) => unknown) => {
        if (commands.has(name)) throw new Error(`${name} is there already`);
        commands.set(name, command);
        return { dispose: () => commands.delete(name) };
      },
    }),
  });
  return { vscode, said, commands, settings };
}

// Starts the language server for drafts and restarts it when it should be another one.

import { homedir } from "node:os";

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

import { find } from "./program";

const LANGUAGES = ["markdown", "html", "plaintext"];

let client: LanguageClient | undefined;
let output: vscode.LogOutputChannel;
/** Starts and stops follow one another. */
let turn: Promise<void> = Promise.resolve();

export function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("caveat", { log: true });
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("caveat.restart", restart),
    vscode.commands.registerCommand("caveat.showOutput", () => output.show()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("caveat.path") || change.affectsConfiguration("caveat.wholeWorkspace")) {
        await restart();
      }
    }),
  );
  return restart();
}

export function deactivate(): Promise<void> {
  return next(stop);
}

function restart(): Promise<void> {
  return next(async () => {
    await stop();
    await start();
  });
}

function next(step: () => Promise<void>): Promise<void> {
  turn = turn.then(step, step);
  return turn;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.dispose();
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("caveat");
  const found = find({
    setting: settings.get<string>("path", "").trim(),
    folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
    home: homedir(),
    paths: process.env["PATH"] ?? "",
    endings: process.env["PATHEXT"] ?? ".EXE",
    windows: process.platform === "win32",
  });
  if ("problem" in found) {
    output.error(found.problem);
    void offerSettings(found.problem);
    return;
  }
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.flatMap((language) => [
      { language, scheme: "file" },
      { language, scheme: "untitled" },
    ]),
    outputChannel: output,
    initializationOptions: settings,
    synchronize: { configurationSection: "caveat" },
  };
  output.info(`starting ${found.command}`);
  client = new LanguageClient("caveat", "caveat", { command: found.command, args: ["lsp"] }, options);
  try {
    await client.start();
  } catch (error) {
    output.error(String(error));
    void offerSettings("caveat could not be started");
  }
}

async function offerSettings(problem: string): Promise<void> {
  const settings = "Open the settings";
  const chosen = await vscode.window.showErrorMessage(
    `${problem}. Install it with \`cargo install caveat\` or \`pip install caveat\`, or say in the settings where it is.`,
    settings,
  );
  if (chosen === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "caveat.path");
  }
}

// The extension as it is shipped, with the real server. VS Code is a stand-in.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import Module from "node:module";
import * as path from "node:path";
import { test } from "node:test";

import { editor } from "./vscode";

const extension = path.join(__dirname, "..", "extension.js");
const programs = path.resolve(__dirname, "..", "..", "..", "..", "target", "debug");

const { vscode, said, commands, settings } = editor();
const loader = Module as unknown as { _load(name: string, ...more: unknown[]): unknown };
const load = loader._load;
loader._load = function (name, ...more) {
  return name === "vscode" ? vscode : load.call(this, name, ...more);
};

interface Extension {
  activate(context: { subscriptions: unknown[] }): Promise<void>;
  deactivate(): Promise<void>;
}

test("the extension starts the server, starts it anew, and tells when there is none", async () => {
  assert.ok(existsSync(path.join(programs, "caveat")), `there is no program in ${programs}: run \`cargo build\` first`);
  const { activate, deactivate } = require(extension) as Extension;
  const paths = process.env["PATH"];
  try {
    process.env["PATH"] = path.dirname(process.execPath);
    await activate({ subscriptions: [] });
    assert.match(said.join("\n"), /caveat is not installed, or not on the PATH\. Install it with/);
    const own = ["caveat.restart", "caveat.showOutput"];
    assert.deepEqual([...commands.keys()], own);

    // What the server offers is there only once both have introduced themselves.
    const offered = [...own, "caveat.openRule", "caveat.select"];
    process.env["PATH"] = programs;
    await commands.get("caveat.restart")?.();
    assert.deepEqual([...commands.keys()], offered);
    assert.ok(said.includes(`starting ${path.join(programs, "caveat")}`), said.join("\n"));
    await commands.get("caveat.restart")?.();
    assert.deepEqual([...commands.keys()], offered);

    settings.set("path", "/no/such/caveat");
    await commands.get("caveat.restart")?.();
    assert.deepEqual([...commands.keys()], own);
    assert.match(said.at(-1) ?? "", /caveat\.path names no program/);
  } finally {
    process.env["PATH"] = paths;
    await deactivate();
  }
});

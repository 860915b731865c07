import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";

import { find, type Surroundings } from "../src/program";

const root = mkdtempSync(path.join(tmpdir(), "caveat-program-"));
after(() => rmSync(root, { recursive: true }));

function program(...parts: string[]): string {
  const file = path.join(root, ...parts);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "");
  chmodSync(file, 0o755);
  return file;
}

function around(changes: Partial<Surroundings>): Surroundings {
  return { setting: "", folder: undefined, home: root, paths: "", endings: "", windows: false, ...changes };
}

test("the first program on the PATH is taken", () => {
  const first = program("a", "caveat");
  program("b", "caveat");
  const paths = [path.join(root, "none"), path.join(root, "a"), path.join(root, "b")].join(":");
  assert.deepEqual(find(around({ paths })), { command: first });
});

test("what cannot be run is passed over", () => {
  mkdirSync(path.join(root, "c", "caveat"), { recursive: true });
  const file = program("d", "caveat");
  chmodSync(file, 0o644);
  const last = program("e", "caveat");
  const paths = ["c", "d", "e"].map((name) => path.join(root, name)).join(":");
  assert.deepEqual(find(around({ paths })), { command: last });
});

test("a relative part of the PATH is no place for programs", () => {
  const here = process.cwd();
  program("open", "caveat");
  process.chdir(path.join(root, "open"));
  try {
    assert.ok("problem" in find(around({ paths: ".:" })));
  } finally {
    process.chdir(here);
  }
});

test("on Windows the endings of PATHEXT are tried", () => {
  const file = program("w", "caveat.exe");
  const found = find(around({ paths: `;${path.join(root, "w")}`, endings: ".COM;.EXE", windows: true }));
  assert.deepEqual(found, { command: file });
});

test("the setting wins over the PATH", () => {
  const set = program("own", "bin", "caveat");
  const paths = path.dirname(program("a", "caveat"));
  assert.deepEqual(find(around({ setting: set, paths })), { command: set });
  assert.deepEqual(find(around({ setting: "~/own/bin/caveat", paths })), { command: set });
  const folder = path.join(root, "own");
  assert.deepEqual(find(around({ setting: "${workspaceFolder}/bin/caveat", folder, paths })), { command: set });
  assert.deepEqual(find(around({ setting: "bin/caveat", folder, paths })), { command: set });
});

test("a setting that names nothing is told, and nothing else is taken in its place", () => {
  const paths = path.dirname(program("a", "caveat"));
  const found = find(around({ setting: "/no/such/caveat", paths }));
  assert.deepEqual(found, { problem: "caveat.path names no program: /no/such/caveat" });
});

test("where there is none, that is told", () => {
  assert.deepEqual(find(around({ paths: root })), { problem: "caveat is not installed, or not on the PATH" });
});

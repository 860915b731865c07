// Where the program is.

import { accessSync, constants, statSync } from "node:fs";
import * as path from "node:path";

/** What decides where the program is found. */
export interface Surroundings {
  /** The setting `caveat.path`; empty for none. */
  setting: string;
  /** The folder that is open, if one is. */
  folder: string | undefined;
  home: string;
  /** The environment's `PATH` and `PATHEXT`. */
  paths: string;
  endings: string;
  windows: boolean;
}

/** The program, or what to tell the person who has none. */
export type Found = { command: string } | { problem: string };

/** Finds the program: the one that is set, else the first on the `PATH`. */
export function find(around: Surroundings): Found {
  if (around.setting !== "") {
    const set = expand(around);
    return isProgram(set, around)
      ? { command: set }
      : { problem: `caveat.path names no program: ${set}` };
  }
  const separator = around.windows ? ";" : ":";
  const endings = around.windows ? around.endings.split(";").filter((ending) => ending !== "") : [""];
  for (const folder of around.paths.split(separator).filter((folder) => folder !== "")) {
    for (const ending of endings) {
      const command = path.join(folder, `caveat${ending.toLowerCase()}`);
      // A relative part of PATH would take the program from whatever folder is open.
      if (path.isAbsolute(folder) && isProgram(command, around)) {
        return { command };
      }
    }
  }
  return { problem: "caveat is not installed, or not on the PATH" };
}

/** The setting with its placeholders filled in; relative to the folder that is open. */
function expand({ setting, folder, home }: Surroundings): string {
  let expanded = setting.replace(/^~(?=$|[/\\])/, () => home);
  if (folder !== undefined) {
    expanded = expanded.replaceAll("${workspaceFolder}", () => folder);
    expanded = path.resolve(folder, expanded);
  }
  return expanded;
}

function isProgram(file: string, { windows }: Surroundings): boolean {
  try {
    accessSync(file, windows ? constants.F_OK : constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

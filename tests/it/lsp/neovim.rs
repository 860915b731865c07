//! Neovim with the very set-up that the documentation shows.
//!
//! The test takes the Neovim that is there and the set-up for its version.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::cli::folder;

/// The code block under a heading of the documentation.
fn set_up(heading: &str) -> String {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/editors.md")).unwrap();
    let (_, part) = page.split_once(&format!("\n### {heading}\n")).unwrap_or_else(|| panic!("no part {heading:?}"));
    let (_, block) = part.split_once("```lua\n").unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

/// `0.7.2` as 7.
fn minor_version() -> u32 {
    let output = Command::new("nvim").arg("--version").output().expect("Debian's package neovim is installed");
    let text = String::from_utf8(output.stdout).unwrap();
    let version = text.split_whitespace().nth(1).unwrap().trim_start_matches('v').to_owned();
    version.split('.').nth(1).unwrap().parse().unwrap()
}

const DRAFT: &str = "---
author: Ann Lee, MD
date: 2026-03-01
last_reviewed: 2026-03-01
---

# Notes

😀 This herb cures multiple sclerosis.

He committed suicide in 2019. If you are in crisis, call or text 988.

The FDA approved Ocrevus for relapsing MS in 2017.
";

/// What a person does, and what they see after each step.
const SESSION: &str = r#"
local seen = {}

local function see(what, value)
  seen[what] = value
end

local function codes()
  local codes = {}
  for _, found in ipairs(vim.diagnostic.get(0)) do
    table.insert(codes, found.code or (found.user_data and found.user_data.lsp and found.user_data.lsp.code))
  end
  table.sort(codes)
  return table.concat(codes, " ")
end

local function wait(what, fits)
  if not vim.wait(60000, fits, 10) then
    see("failed", "waited in vain for " .. what .. ": " .. vim.inspect(vim.diagnostic.get(0)))
    error(what)
  end
end

local function hover()
  vim.lsp.buf.hover()
  local text
  wait("a hover", function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= "" then
        text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true), "\n")
        vim.api.nvim_win_close(window, true)
        return true
      end
    end
  end)
  return text
end

-- Chooses the action whose title begins like this.
local function act(beginning)
  local tick = vim.b.changedtick
  vim.ui.select = function(items, _, choose)
    for _, item in ipairs(items) do
      local action = item.action or item[2]
      if vim.startswith(action.title, beginning) then
        return choose(item)
      end
    end
    see("failed", "no action " .. beginning .. ": " .. vim.inspect(items))
    error("no action")
  end
  vim.lsp.buf.code_action()
  wait("the action " .. beginning, function() return vim.b.changedtick ~= tick end)
end

local function session()
  vim.cmd("edit draft.md")
  wait("the first findings", function() return codes() == "CAV101 CAV503" end)
  local claim = vim.diagnostic.get(0, { lnum = 8 })[1]
  see("claim", { claim.lnum, claim.col, claim.end_lnum, claim.end_col, claim.severity })
  see("message", claim.message)
  see("source", claim.source)

  vim.api.nvim_win_set_cursor(0, { 9, 16 })
  see("hover", hover())
  vim.api.nvim_win_set_cursor(0, { 13, 10 })
  see("hover of a claim", hover())

  vim.cmd("normal! 9G/cures\rcwdoes not cure")
  wait("the claim to go", function() return codes() == "CAV503" end)
  see("typed", vim.api.nvim_buf_get_lines(0, 8, 9, true)[1])
  vim.cmd("normal! u")
  wait("the claim to come back", function() return codes() == "CAV101 CAV503" end)

  vim.api.nvim_win_set_cursor(0, { 11, 5 })
  act("Write “died by suicide”")
  wait("the replacement to count", function() return codes() == "CAV101" end)
  see("replaced", vim.api.nvim_buf_get_lines(0, 10, 11, true)[1])

  vim.api.nvim_win_set_cursor(0, { 9, 16 })
  act("Ignore CAV101 here")
  wait("the comment to be read", function() return codes() == "CAV101 CAV901" end)
  vim.cmd("normal! 9G/ -->\riquoted")
  wait("the reason to count", function() return codes() == "" end)
  see("ignored", vim.api.nvim_buf_get_lines(0, 8, 9, true)[1])
end

local fine, why = pcall(session)
if not fine then see("failed", seen.failed or why) end
vim.fn.writefile({ vim.fn.json_encode(seen) }, "seen.json")
vim.cmd("qall!")
"#;

#[test]
fn neovim_shows_explains_and_mends() {
    let heading = match minor_version() {
        ..=7 => "Neovim 0.7",
        8..=10 => "Neovim 0.8 to 0.10",
        _ => "Neovim 0.11 and later",
    };
    let folder = folder(&[("draft.md", DRAFT), ("init.lua", &set_up(heading)), ("session.lua", SESSION)]);
    let program = Path::new(env!("CARGO_BIN_EXE_caveat")).parent().unwrap();
    let path = std::env::join_paths(
        [program.to_owned()].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let mut neovim = Command::new("nvim");
    neovim.args(["--headless", "-i", "NONE", "-n", "-u", "init.lua", "-S", "session.lua"]);
    neovim.current_dir(folder.path()).env("PATH", path.unwrap()).env("HOME", folder.path());
    for own in ["XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        neovim.env(own, folder.path().join("own"));
    }
    let output = neovim.env("CAVEAT_IMPORTED_FACTS", "").env("CAVEAT_CACHE_DIR", "").output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let seen = fs::read_to_string(folder.path().join("seen.json")).unwrap_or_else(|error| panic!("{error}: {told}"));
    let seen: Value = serde_json::from_str(&seen).unwrap();
    assert_eq!(seen["failed"], Value::Null, "{told}");

    // Neovim counts bytes, from 0.
    assert_eq!(seen["claim"], serde_json::json!([8, 15, 8, 39, 1]));
    assert!(seen["message"].as_str().unwrap().contains("“cures multiple sclerosis” says that this can be cured"));
    assert_eq!(seen["source"], "caveat");
    let hover = seen["hover"].as_str().unwrap();
    assert!(hover.contains("cure/cure-claim") && hover.contains("Write:"), "{hover}");
    assert!(seen["hover of a claim"].as_str().unwrap().contains("supported"), "{seen:#}");
    assert_eq!(seen["typed"], "😀 This herb does not cure multiple sclerosis.");
    assert_eq!(seen["replaced"], "He died by suicide in 2019. If you are in crisis, call or text 988.");
    assert_eq!(seen["ignored"], "<!-- caveat-ignore cure-claim: quoted -->");
}

// Builds app/static/dist: styles, scripts, fonts and the icon sprite under names that hold a hash
// of their content, and manifest.json, which says which name stands for which file.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import * as sass from "sass";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const out = path.join(root, "app/static/dist");
const packages = path.join(root, "node_modules");
const target = ["chrome109", "firefox115"];
const scripts = ["boot", "main", "list", "card", "form", "told", "pick", "live", "api", "import", "steps"];
const manifest = {};

function hashed(name, content) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 10);
  return `${stem}-${hash}${ext}`;
}

async function write(name, content) {
  const file = hashed(name, content);
  await writeFile(path.join(out, file), content);
  manifest[name] = file;
  return file;
}

async function fonts() {
  const folder = path.join(packages, "@fontsource-variable/golos-text/files");
  const found = {};
  for (const subset of ["cyrillic", "latin"]) {
    const content = await readFile(path.join(folder, `golos-text-${subset}-wght-normal.woff2`));
    found[subset] = await write(`golos-${subset}.woff2`, content);
  }
  return found;
}

async function styles(fontFiles) {
  const source = path.join(root, "frontend/styles/main.scss");
  const { css } = sass.compile(source, {
    loadPaths: [packages],
    quietDeps: true,
    // Bootstrap 5.3 is written with @import; it is the only user of it here.
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const named = Object.entries(fontFiles).reduce(
    (text, [subset, file]) => text.replaceAll(`font:${subset}`, file),
    css,
  );
  const { code } = await esbuild.transform(named, { loader: "css", minify: true, target });
  await write("main.css", code);
}

async function bundles() {
  const result = await esbuild.build({
    entryPoints: scripts.map((name) => path.join(root, `frontend/scripts/${name}.js`)),
    outdir: out,
    entryNames: "[name]-[hash]",
    chunkNames: "part-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    target,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    if (entryPoint) manifest[`${path.parse(entryPoint).name}.js`] = path.basename(file);
  }
}

async function sprite() {
  const names = JSON.parse(await readFile(path.join(root, "frontend/icons.json"), "utf8"));
  const symbols = [];
  for (const [name, icon] of Object.entries(names)) {
    const file = path.join(packages, "@tabler/icons/icons/outline", `${icon}.svg`);
    const svg = await readFile(file, "utf8");
    const body = svg.replace(/<!--[\s\S]*?-->/, "").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "");
    const shape = body.replace(/\s*\n\s*/g, "").replace(/<path stroke="none"[^>]*>/, "");
    symbols.push(
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
        `stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shape}</symbol>`,
    );
  }
  await write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
  await write("favicon.svg", await readFile(path.join(root, "frontend/favicon.svg")));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await styles(await fonts());
await Promise.all([bundles(), sprite()]);
await writeFile(path.join(out, "manifest.json"), JSON.stringify(manifest, null, 2));

// Prints what the image is made of, from the lock file, as CycloneDX: `node docker/sbom/main.mjs > sbom.cdx.json`.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { billOfMaterials } from './bill-of-materials.mjs';
import { lockedPackages } from './locked-packages.mjs';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const product = JSON.parse(read('package.json'));
process.stdout.write(`${billOfMaterials(product, lockedPackages(parse(read('pnpm-lock.yaml'))))}\n`);

// What stands on a disk, whoever wrote it.
import fs from 'node:fs';
import path from 'node:path';

// Nothing where a running program has just taken the file away.
function read(file) {
  try {
    return fs.readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

// A text as the bytes of the spellings that browsers use.
export const spellings = (text) => ['utf8', 'utf16le', 'latin1'].map((spelling) => Buffer.from(text, spelling));

// Every file of a folder in which this is: bytes, or a text in any of its spellings.
export function filesWith(folder, sought) {
  const needles = Buffer.isBuffer(sought) ? [sought] : spellings(sought);
  const found = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile()) continue;
    const bytes = read(file);
    if (needles.some((needle) => bytes.includes(needle))) found.push(path.relative(folder, file));
  }
  return found;
}

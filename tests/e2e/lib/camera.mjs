// What a device's camera sees: a film of a QR code, which Chromium takes for a camera.
import fs from 'node:fs';
import path from 'node:path';
import qrcode from 'qrcode-generator';

const [WIDTH, HEIGHT, FRAMES_PER_SECOND, FRAMES] = [640, 480, 10, 5];
const [DARK, WALL, PAPER] = [40, 120, 220];
// Modules of light around a code.
const QUIET = 4;

// Writes the film into this folder; gives what Chromium is to be started with. No text: a bare wall.
export function cameraThatSees(text, folder) {
  const file = path.join(folder, 'camera.y4m');
  const frame = Buffer.concat([Buffer.from('FRAME\n'), picture(text), Buffer.alloc((WIDTH * HEIGHT) / 2, 128)]);
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F${FRAMES_PER_SECOND}:1 Ip A1:1 C420\n`);
  fs.writeFileSync(file, Buffer.concat([header, ...Array(FRAMES).fill(frame)]));
  return [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ];
}

// The points in grey: a paper on a wall, two thirds as high as the picture.
function picture(text) {
  const points = Buffer.alloc(WIDTH * HEIGHT, WALL);
  if (!text) return points;
  qrcode.stringToBytes = (words) => [...Buffer.from(words)];
  const code = qrcode(0, 'M');
  code.addData(text);
  code.make();
  const modules = code.getModuleCount() + 2 * QUIET;
  const size = Math.floor((HEIGHT * 2) / 3 / modules);
  const [left, top] = [WIDTH, HEIGHT].map((side) => Math.floor((side - modules * size) / 2));
  const isDark = (row, column) =>
    [row, column].every((place) => place >= 0 && place < code.getModuleCount()) && code.isDark(row, column);
  for (let y = 0; y < modules * size; y += 1) {
    for (let x = 0; x < modules * size; x += 1) {
      const [row, column] = [y, x].map((place) => Math.floor(place / size) - QUIET);
      points[(top + y) * WIDTH + left + x] = isDark(row, column) ? DARK : PAPER;
    }
  }
  return points;
}

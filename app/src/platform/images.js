// Files that a person chooses, made fit to travel: photos at most 2000 pixels wide or high, as JPEG, without the place and
// the device that cameras write into them; everything else as it is.

const MOST_PIXELS = 2000;
const QUALITY = 0.8;

// The browser's own way to choose: a camera, an album, a folder. A list, empty when nothing was chosen.
export function choose(accept) {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.multiple = true;
  input.hidden = true;
  document.body.append(input);
  return new Promise((resolve) => {
    const chosen = () => {
      input.remove();
      resolve([...input.files]);
    };
    input.addEventListener('change', chosen);
    input.addEventListener('cancel', chosen);
    input.click();
  });
}

// { name, type, size, bytes }; no bytes when it is empty, or larger than `most`.
export async function prepare(file, most) {
  const photo = file.type.startsWith('image/') ? await smaller(file).catch(() => null) : null;
  const { size, type } = photo ?? file;
  const name = photo ? file.name.replace(/\.[^.]*$/, '') + '.jpg' : file.name;
  const bytes = size > 0 && size <= most ? new Uint8Array(await (photo ?? file).arrayBuffer()) : undefined;
  return { name, type, size, bytes };
}

// Fails for pictures that this browser does not know.
async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, MOST_PIXELS / Math.max(image.width, image.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.width * scale));
  canvas.height = Math.max(1, Math.round(image.height * scale));
  const context = canvas.getContext('2d');
  // What is transparent would be black.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}

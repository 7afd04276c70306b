// A picture that leaves the page says by itself what it shows, of when, from where.

export interface Caption {
  title: string;
  answer: string;
  notes: string[];
}

const margin = 24;
const sans = "'Source Sans 3', 'Segoe UI', Arial, sans-serif";

/** escaped writes text that XML may hold. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

/** wrapped breaks a text into lines of at most so many letters, and an address where it has to. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(/\s+/).flatMap((word) => word.match(new RegExp(`.{1,${most}}`, 'gu')) ?? []);
  for (const word of words) {
    if (line && line.length + word.length >= most) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  if (line) lines.push(line);
  return lines;
}

/** captioned puts a drawing between its title and where it is from. */
export function captioned(drawing: string, width: number, height: number, { title, answer, notes }: Caption): { svg: string; width: number; height: number } {
  const full = Math.max(width, 600) + 2 * margin;
  const inner = full - 2 * margin;
  let y = margin;
  const write = (text: string, size: number, weight: number, colour: string) =>
    wrapped(text, Math.floor(inner / (size * 0.5)))
      .map((line) => {
        y += size * 1.35;
        return `<text x="${margin}" y="${y}" font-family="${escaped(sans)}" font-size="${size}" font-weight="${weight}" fill="${colour}">${escaped(line)}</text>`;
      })
      .join('');
  const head = write(title, 24, 600, '#1f2933') + write(answer, 16, 400, '#1f2933');
  y += 16;
  const placed = `<svg x="${margin}" y="${y}" width="${width}" height="${height}">${drawing}</svg>`;
  y += height + 8;
  const foot = notes.map((note) => write(note, 13, 400, '#52606d')).join('');
  const tall = Math.ceil(y + margin);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${full}" height="${tall}" viewBox="0 0 ${full} ${tall}"><title>${escaped(title)}</title><rect width="100%" height="100%" fill="#fff"/>${head}${placed}${foot}</svg>`;
  return { svg, width: full, height: tall };
}

/** pictureOf takes the drawing out of the page. */
export function pictureOf(svg: SVGSVGElement, caption: Caption) {
  const box = svg.getBoundingClientRect();
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(box.width));
  copy.setAttribute('height', String(box.height));
  copy.removeAttribute('style');
  return captioned(new XMLSerializer().serializeToString(copy), box.width, box.height, caption);
}

/** painted makes dots of a picture, two for each of its own. */
export async function painted({ svg, width, height }: { svg: string; width: number; height: number }): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * 2;
    canvas.height = height * 2;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.scale(2, 2);
    context.drawImage(image, 0, 0, width, height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/png'));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** keep gives a file to whoever asked for it. */
export function keep(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

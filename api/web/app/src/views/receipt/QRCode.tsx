import { useMemo } from 'react';
import { encode } from 'uqr';

/** QRCode draws a text to be read by a camera, as one path. */
export function QRCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => drawn(text), [text]);
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

function drawn(text: string): { size: number; path: string } {
  // A receipt is long: the least correction keeps the squares large enough for a phone.
  const { data, size } = encode(text, { ecc: 'L', border: 4 });
  let path = '';
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; ) {
      const begin = x;
      while (row[x]) x++;
      if (x > begin) path += `M${begin} ${y}h${x - begin}v1h${begin - x}z`;
      else x++;
    }
  });
  return { size, path };
}

import type { Text } from '#/language/text';

const texts = {
  keys: { vi: 'Dùng phím mũi tên để chuyển tỉnh, Enter để chọn', en: 'Arrow keys go from province to province, Enter chooses' },
  noFigure: { vi: 'không có số liệu', en: 'no figure' },
  hoangSa: { vi: 'Quần đảo Hoàng Sa', en: 'Hoàng Sa archipelago' },
  truongSa: { vi: 'Quần đảo Trường Sa', en: 'Trường Sa archipelago' },
} satisfies Record<string, Text>;

export default texts;

// Equal-size tiles of the provinces of both lists: code, Vietnamese name, abbreviation, column, row.
// Source: the platform's own drawing (province_tiles.csv), laid out so that neighbours stay neighbours;
// codes and names are those of Decision 19/2025/QD-TTg (34) and Decision 124/2004/QD-TTg (63).

export type ProvinceList = '34' | '63';

export interface Tile {
  code: string;
  name: string;
  abbr: string;
  col: number;
  row: number;
}

const tile = (code: string, name: string, abbr: string, col: number, row: number): Tile => ({ code, name, abbr, col, row });

export const tiles: Record<ProvinceList, Tile[]> = {
  '34': [
    tile('12', 'Lai Châu', 'LCH', 1, 0),
    tile('15', 'Lào Cai', 'LCA', 2, 0),
    tile('08', 'Tuyên Quang', 'TQ', 3, 0),
    tile('04', 'Cao Bằng', 'CB', 4, 0),
    tile('11', 'Điện Biên', 'ĐB', 0, 1),
    tile('14', 'Sơn La', 'SL', 1, 1),
    tile('25', 'Phú Thọ', 'PT', 2, 1),
    tile('19', 'Thái Nguyên', 'TNG', 3, 1),
    tile('20', 'Lạng Sơn', 'LS', 4, 1),
    tile('01', 'Hà Nội', 'HN', 3, 2),
    tile('24', 'Bắc Ninh', 'BN', 4, 2),
    tile('22', 'Quảng Ninh', 'QNI', 5, 2),
    tile('38', 'Thanh Hóa', 'TH', 2, 3),
    tile('37', 'Ninh Bình', 'NB', 3, 3),
    tile('33', 'Hưng Yên', 'HY', 4, 3),
    tile('31', 'Hải Phòng', 'HP', 5, 3),
    tile('40', 'Nghệ An', 'NA', 2, 4),
    tile('42', 'Hà Tĩnh', 'HT', 3, 5),
    tile('44', 'Quảng Trị', 'QT', 4, 6),
    tile('46', 'Huế', 'HUẾ', 5, 7),
    tile('48', 'Đà Nẵng', 'ĐNG', 5, 8),
    tile('51', 'Quảng Ngãi', 'QNG', 6, 9),
    tile('52', 'Gia Lai', 'GL', 6, 10),
    tile('66', 'Đắk Lắk', 'ĐL', 6, 11),
    tile('80', 'Tây Ninh', 'TNI', 3, 12),
    tile('75', 'Đồng Nai', 'ĐNI', 4, 12),
    tile('68', 'Lâm Đồng', 'LĐ', 5, 12),
    tile('56', 'Khánh Hòa', 'KH', 6, 12),
    tile('82', 'Đồng Tháp', 'ĐT', 3, 13),
    tile('79', 'Hồ Chí Minh', 'HCM', 4, 13),
    tile('91', 'An Giang', 'AG', 2, 14),
    tile('92', 'Cần Thơ', 'CT', 3, 14),
    tile('86', 'Vĩnh Long', 'VL', 4, 14),
    tile('96', 'Cà Mau', 'CM', 2, 15),
  ],
  '63': [
    tile('02', 'Hà Giang', 'HAG', 3, 0),
    tile('04', 'Cao Bằng', 'CB', 4, 0),
    tile('12', 'Lai Châu', 'LCH', 1, 1),
    tile('10', 'Lào Cai', 'LCA', 2, 1),
    tile('08', 'Tuyên Quang', 'TQ', 3, 1),
    tile('06', 'Bắc Kạn', 'BK', 4, 1),
    tile('20', 'Lạng Sơn', 'LS', 5, 1),
    tile('11', 'Điện Biên', 'ĐB', 0, 2),
    tile('14', 'Sơn La', 'SL', 1, 2),
    tile('15', 'Yên Bái', 'YB', 2, 2),
    tile('26', 'Vĩnh Phúc', 'VP', 3, 2),
    tile('19', 'Thái Nguyên', 'TNG', 4, 2),
    tile('24', 'Bắc Giang', 'BG', 5, 2),
    tile('22', 'Quảng Ninh', 'QNI', 6, 2),
    tile('25', 'Phú Thọ', 'PT', 2, 3),
    tile('01', 'Hà Nội', 'HN', 3, 3),
    tile('27', 'Bắc Ninh', 'BN', 4, 3),
    tile('30', 'Hải Dương', 'HD', 5, 3),
    tile('31', 'Hải Phòng', 'HP', 6, 3),
    tile('17', 'Hòa Bình', 'HB', 2, 4),
    tile('35', 'Hà Nam', 'HNA', 3, 4),
    tile('33', 'Hưng Yên', 'HY', 4, 4),
    tile('34', 'Thái Bình', 'TB', 5, 4),
    tile('38', 'Thanh Hóa', 'TH', 2, 5),
    tile('37', 'Ninh Bình', 'NB', 3, 5),
    tile('36', 'Nam Định', 'NĐ', 4, 5),
    tile('40', 'Nghệ An', 'NA', 2, 6),
    tile('42', 'Hà Tĩnh', 'HT', 3, 7),
    tile('44', 'Quảng Bình', 'QB', 4, 8),
    tile('45', 'Quảng Trị', 'QT', 4, 9),
    tile('46', 'Huế', 'HUẾ', 5, 9),
    tile('48', 'Đà Nẵng', 'ĐNG', 6, 9),
    tile('49', 'Quảng Nam', 'QNA', 6, 10),
    tile('51', 'Quảng Ngãi', 'QNG', 7, 10),
    tile('62', 'Kon Tum', 'KT', 6, 11),
    tile('52', 'Bình Định', 'BĐI', 7, 11),
    tile('64', 'Gia Lai', 'GL', 6, 12),
    tile('54', 'Phú Yên', 'PY', 7, 12),
    tile('66', 'Đắk Lắk', 'ĐL', 6, 13),
    tile('56', 'Khánh Hòa', 'KH', 7, 13),
    tile('72', 'Tây Ninh', 'TNI', 3, 14),
    tile('70', 'Bình Phước', 'BP', 4, 14),
    tile('67', 'Đắk Nông', 'ĐNO', 5, 14),
    tile('68', 'Lâm Đồng', 'LĐ', 6, 14),
    tile('58', 'Ninh Thuận', 'NT', 7, 14),
    tile('80', 'Long An', 'LA', 3, 15),
    tile('74', 'Bình Dương', 'BDU', 4, 15),
    tile('75', 'Đồng Nai', 'ĐNI', 5, 15),
    tile('60', 'Bình Thuận', 'BTH', 6, 15),
    tile('87', 'Đồng Tháp', 'ĐT', 2, 16),
    tile('82', 'Tiền Giang', 'TG', 3, 16),
    tile('79', 'Hồ Chí Minh', 'HCM', 4, 16),
    tile('77', 'Bà Rịa - Vũng Tàu', 'BVT', 5, 16),
    tile('89', 'An Giang', 'AG', 1, 17),
    tile('92', 'Cần Thơ', 'CT', 2, 17),
    tile('86', 'Vĩnh Long', 'VL', 3, 17),
    tile('83', 'Bến Tre', 'BTR', 4, 17),
    tile('91', 'Kiên Giang', 'KG', 1, 18),
    tile('93', 'Hậu Giang', 'HUG', 2, 18),
    tile('94', 'Sóc Trăng', 'ST', 3, 18),
    tile('84', 'Trà Vinh', 'TV', 4, 18),
    tile('96', 'Cà Mau', 'CM', 1, 19),
    tile('95', 'Bạc Liêu', 'BL', 2, 19),
  ],
};

/** The archipelagos have no figures of their own: they are named beside the province they belong to, without a colour. */
export const islands: Record<ProvinceList, { name: string; of: string; col: number; row: number }[]> = {
  '34': [
    { name: 'Hoàng Sa', of: 'Đà Nẵng', col: 6, row: 8 },
    { name: 'Trường Sa', of: 'Khánh Hòa', col: 6, row: 13 },
  ],
  '63': [
    { name: 'Hoàng Sa', of: 'Đà Nẵng', col: 7, row: 9 },
    { name: 'Trường Sa', of: 'Khánh Hòa', col: 8, row: 13 },
  ],
};

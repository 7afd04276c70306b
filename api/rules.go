package api

import (
	"fmt"

	"atvsld/ingest/report"
)

// rule is a finding that only the interface can make: about the request around a
// submission, or about a question.
type rule struct {
	code                 string
	severity             report.Severity
	messageVI, messageEN string
}

const protocol = "conventions of the platform's interface"

// The interface's rules. Codes are stable.
var (
	ruleToken         = rule{"API-001", report.Error, "Thiếu mã truy cập hoặc mã không đúng.", "The token is missing or wrong."}
	ruleLoader        = rule{"API-002", report.Error, "Chỉ kho dữ liệu mẫu mới nhận dữ liệu từ bộ nạp dữ liệu mẫu.", "Only a demonstration store takes data from the demonstration loader."}
	ruleDenied        = rule{"API-085", report.Error, "Vai trò của người dùng không được phép làm việc này (%s), hoặc không được phép ở phạm vi này.", "The caller's role may not do this (%s), or not within this scope."}
	ruleIssuer        = rule{"API-090", report.Error, "Chưa kiểm tra được mã truy cập. Hãy thử lại sau.", "The token cannot be checked now. Please try again later."}
	ruleAccessBody    = rule{"API-091", report.Error, "Nội dung phải là JSON với các mục trong tài liệu, không có mục khác.", "The body must be JSON with the members of the document and no others."}
	ruleAccessWish    = rule{"API-092", report.Error, "Mục %s không đúng: %s.", "The member %s is wrong: it %s."}
	ruleAccessWider   = rule{"API-093", report.Error, "Mục %s không được phép: %s.", "The member %s is not allowed: it %s."}
	ruleKeyEnded      = rule{"API-094", report.Error, "Khóa này đã bị thu hồi hoặc hết hạn; hãy tạo khóa khác.", "This key was revoked or has expired; make another one."}
	ruleKeyMeanwhile  = rule{"API-095", report.Error, "Người khác vừa thay đổi khóa này. Hãy xem lại.", "Somebody else has just changed this key. Look at it again."}
	ruleKeysTooMany   = rule{"API-096", report.Error, "Đã có quá nhiều khóa; hãy thu hồi khóa không dùng.", "There are too many keys; revoke those that are not used."}
	ruleKeyOfKey      = rule{"API-097", report.Error, "Khóa được tạo bằng một khóa khác không tạo được khóa mới.", "A key that was made with a key makes no further ones."}
	ruleKeyRotations  = rule{"API-098", report.Error, "Khóa này đã đổi mã bí mật 1.000 lần; hãy tạo khóa khác.", "The secret of this key was replaced 1,000 times; make another key."}
	ruleMediaType     = rule{"API-003", report.Error, "Nội dung phải là %s, mã hóa UTF-8, không nén; chỉ tệp nhiều báo cáo được nén bằng gzip.", "The body must be %s in UTF-8 without compression; only a batch may be compressed, with gzip."}
	ruleTooLarge      = rule{"API-004", report.Error, "Mỗi báo cáo không quá %d byte.", "A submission has at most %d bytes."}
	ruleKey           = rule{"API-005", report.Error, "Idempotency-Key phải có từ 1 đến 200 ký tự ASCII in được và chỉ gửi một lần.", "Idempotency-Key has 1 to 200 printable ASCII characters and is sent once."}
	ruleParameter     = rule{"API-006", report.Error, "Tham số %s không đúng: %s.", "The parameter %s is wrong: %s."}
	ruleUnknown       = rule{"API-007", report.Error, "Không có tham số %s.", "There is no parameter %s."}
	ruleArea          = rule{"API-008", report.Error, "Mã tỉnh phải kèm danh mục, ví dụ 34:01 hoặc 63:01, vì bảy mã chỉ hai tỉnh khác nhau.", "A province is written list:code, as in 34:01 or 63:01, because seven codes name different provinces in the two lists."}
	ruleNoPath        = rule{"API-009", report.Error, "Không có địa chỉ này.", "There is nothing at this address."}
	ruleMethod        = rule{"API-010", report.Error, "Địa chỉ này không dùng phương thức này.", "This address does not take this method."}
	ruleBusy          = rule{"API-011", report.Error, "Hệ thống đang bận; chưa ghi nhận gì. Hãy thử lại sau.", "The platform is busy; nothing was filed. Please try again later."}
	ruleFault         = rule{"API-012", report.Error, "Lỗi của hệ thống đã được ghi lại.", "A fault of the platform; it is on record."}
	ruleSlow          = rule{"API-013", report.Error, "Nội dung gửi đến quá chậm hoặc bị cắt.", "The body arrived too slowly or was cut off."}
	ruleNotStored     = rule{"API-014", report.Error, "Chưa có báo cáo này trong kho. Nếu vừa nộp, hãy thử lại sau hoặc xuất trình biên nhận.", "The store does not hold this report. If it was just filed, try again later or present the receipt."}
	ruleNoData        = rule{"API-015", report.Error, "Không có mục này.", "There is no such item."}
	ruleNotHere       = rule{"API-016", report.Error, "Tiến trình này không cung cấp chức năng này.", "This process does not offer this."}
	ruleStore         = rule{"API-017", report.Error, "Kho dữ liệu chưa trả lời. Hãy thử lại sau.", "The store does not answer. Please try again later."}
	ruleEmptyBatch    = rule{"API-018", report.Error, "Tệp không có dòng nào.", "The batch has no rows."}
	ruleNoRow         = rule{"API-019", report.Error, "Các dòng đầu không phải JSON: mỗi dòng phải là một báo cáo JSON.", "The first rows are no JSON: every line must be one submission in JSON."}
	ruleReceipt       = rule{"API-020", report.Error, "Biên nhận không đọc được.", "The receipt cannot be read."}
	ruleLiveView      = rule{"API-021", report.Error, "Số liệu chưa chốt chỉ dành cho người có quyền.", "Figures that are not closed are for entitled users only."}
	ruleEarlier       = rule{"API-170", report.Error, "Số liệu của lần chốt trước chỉ dành cho người xem được số liệu hiện hành của mọi địa bàn được hỏi: chênh lệch giữa hai lần chốt có thể là một báo cáo duy nhất.", "Figures of an earlier closing are for whoever sees live figures of every area asked: the difference of two closings may be a single report."}
	ruleRankAlone     = rule{"API-171", report.Error, "Không xếp hạng số liệu hiện hành chỉ trong phạm vi của người dùng; hãy dùng view=closed.", "Live figures of the caller's provinces alone are not ranked; ask with view=closed."}
	ruleNothingYet    = rule{"API-022", report.Error, "Chưa có năm nào chốt số liệu.", "No year has been closed yet."}
	ruleRepeated      = rule{"API-023", report.Error, "Tham số %s chỉ được gửi một lần.", "The parameter %s may be sent once only."}
	ruleBatchBroken   = rule{"API-024", report.Error, "Luồng bị ngắt giữa chừng. Các dòng chưa có kết quả có thể chưa được xử lý; hãy nộp lại, không dòng nào bị tính hai lần.", "The stream broke off. Rows without a result may not have been processed; file them again, nothing counts twice."}
	ruleNotPast       = rule{"API-150", report.Error, "Thời điểm phải trước hiện tại ít nhất một phút.", "The moment must be a minute ago or earlier."}
	rulePreparing     = rule{"API-151", report.Error, "Đang dựng lại số liệu của thời điểm này. Hãy hỏi lại sau số giây nêu trong Retry-After.", "The figures of this moment are being made. Ask again after the seconds that Retry-After says."}
	ruleOtherMoments  = rule{"API-152", report.Error, "Đang có người xem số liệu của các thời điểm khác. Hãy hỏi lại sau số giây nêu trong Retry-After.", "Figures of other moments are being asked for. Ask again after the seconds that Retry-After says."}
	ruleFineSplit     = rule{"API-026", report.Error, "Không có mã truy cập, số liệu chỉ được chia theo một chiều: tỉnh hoặc vùng, ngành, nguyên nhân, yếu tố gây chấn thương, giới tính, nhóm tuổi, quy mô cơ sở, quan hệ lao động, tháng, 6 tháng, danh mục tỉnh khác 34 hoặc cộng tai nạn trên đường đi làm; 6 tháng cuối năm của báo cáo định kỳ tính là hai chiều.", "Without a token figures are split one way only: by province or region, section, cause, injury factor, sex, age group, size of the establishment, employment, month, half-year, a geography other than 34 or with accidents on the way to work; the second half of periodic reports counts as two ways."}
	ruleStopping      = rule{"API-027", report.Error, "Hệ thống đang dừng. Các dòng chưa có kết quả phải nộp lại; nộp lại là an toàn, không dòng nào bị tính hai lần.", "The platform is stopping. Rows without a result must be filed again; that is safe, nothing counts twice."}
	ruleLeftOut       = rule{"API-028", report.Hint, "Còn %d điểm khác không nêu ở đây; nộp riêng dòng này với dry_run=true để xem đủ.", "%d more findings are left out here; send this row alone with dry_run=true to see them all."}
	ruleBodyLimit     = rule{"API-029", report.Error, "Nội dung gửi quá dài.", "The body is too long."}
	ruleEmptyBody     = rule{"API-030", report.Error, "Không có nội dung hoặc không đọc được nội dung.", "There is no body, or it cannot be read."}
	ruleDecision      = rule{"API-040", report.Error, "Quyết định phải là JSON gồm reason và, nếu muốn, by.", "The decision must be JSON with reason and, if you like, by."}
	ruleDecisionText  = rule{"API-041", report.Error, "%s bị thiếu, quá dài hoặc có ký tự không đọc được: reason từ 1 đến 2000 ký tự, by từ 1 đến 200.", "%s is missing, too long or holds characters that cannot be read: reason has 1 to 2000 characters, by 1 to 200."}
	ruleDecided       = rule{"API-042", report.Error, "Thông điệp này đã có quyết định (%s), không thể làm như vậy nữa.", "This letter is %s already, which rules that out."}
	ruleMeanwhile     = rule{"API-043", report.Error, "Người khác vừa quyết định về thông điệp này. Hãy xem lại trước khi quyết định.", "Somebody else has just decided about this letter. Look at it again first."}
	ruleNoReplay      = rule{"API-044", report.Error, "Nhật ký không nhận thông điệp này (quá lớn). Không gửi lại được; hãy loại bỏ.", "The log does not take this message (it is too large). It cannot be replayed; discard it."}
	ruleReplay        = rule{"API-045", report.Error, "Chưa rõ thông điệp đã được gửi lại hay chưa. Hãy gửi lại lần nữa: làm như vậy là an toàn.", "The message may or may not have been replayed. Replay it again: that is safe."}
	ruleMoving        = rule{"API-060", report.Error, "Báo cáo được lưu liên tục trong lúc tính lại nên chưa so sánh được số liệu. Hãy thử lại khi ít báo cáo hơn.", "Reports were stored all the time, so that figures could not be compared. Please try again when it is quieter."}
	ruleNoAccident    = rule{"API-070", report.Error, "Chưa có khai báo nào của vụ tai nạn này.", "Nothing is declared of this accident."}
	ruleNoQuickReport = rule{"API-071", report.Error, "Báo cáo nhanh chỉ dành cho vụ chết người hoặc từ 2 người bị thương nặng; vụ này có %d người chết, %d người bị thương nặng.", "A quick report is for a fatal accident or two or more seriously injured; this one has %d dead and %d seriously injured."}
	ruleUnconfirmed   = rule{"API-025", report.Error, "Chưa rõ báo cáo đã được ghi nhận hay chưa. Hãy nộp lại đúng nội dung này: nộp lại là an toàn.", "The report may or may not be on file. File the very same again: that is safe."}
	rulePeriod        = rule{"API-140", report.Error, "Kỳ phải là năm “2025” hoặc 6 tháng đầu năm “2025H1”.", "A period is a year 2025 or its first half 2025H1."}
	ruleLimited       = rule{"API-141", report.Error, "Quá nhiều yêu cầu trong thời gian ngắn; chưa xử lý gì. Hãy thử lại sau số giây nêu trong Retry-After.", "Too many requests in a short time; nothing was done. Try again after the seconds that Retry-After says."}
	ruleGuessing      = rule{"API-142", report.Error, "Địa chỉ này đã gửi quá nhiều mã truy cập sai; mã chưa được kiểm tra. Hãy thử lại sau số giây nêu trong Retry-After.", "Too many wrong tokens came from this address; the token was not looked at. Try again after the seconds that Retry-After says."}
	ruleHost          = rule{"API-143", report.Error, "Máy chủ này không được gọi bằng tên trong tiêu đề Host. Người vận hành khai báo tên bằng --hosts hoặc --public-url.", "This server is not known by the name in the header Host. The operator names it with --hosts or --public-url."}
	ruleCrossSite     = rule{"API-144", report.Error, "Yêu cầu không đến từ trang của hệ thống này nên không được thực hiện theo phiên đăng nhập.", "The request does not come from a page of this platform, so that the session does not count for it."}
	ruleBomb          = rule{"API-145", report.Error, "Nội dung nén bung ra quá lớn: nhiều nhất %d byte và %d lần số byte đã gửi.", "The body unpacks to more than it may: at most %d bytes and %d times what was sent."}
	ruleExports       = rule{"API-129", report.Error, "Mỗi lúc chỉ chạy %d lượt xuất dữ liệu loại này. Hãy thử lại sau số giây nêu trong Retry-After.", "At most %d exports of this kind run at once. Try again after the seconds that Retry-After says."}
	rulePurpose       = rule{"API-120", report.Error, "Vai trò của người dùng phải nêu lý do mở dữ liệu cá nhân ở đầu mục Access-Purpose. Các mã: %s.", "The caller's role has to say why it opens personal data, in the header Access-Purpose. Codes: %s."}
	ruleErased        = rule{"API-121", report.Hint, "Khóa dữ liệu cá nhân của năm %d đã bị hủy, hoặc tiến trình này dùng bộ khóa khác: phần cá nhân không còn đọc được.", "The key for personal data of %d was destroyed, or this process has other keys: the personal part can no longer be read."}
	ruleWithheld      = rule{"API-130", report.Hint, "Phần cá nhân không được mở: vai trò hoặc phạm vi của người đọc không cho phép.", "The personal part was not opened: the caller's role or scope does not allow it."}
	ruleRedacted      = rule{"API-131", report.Hint, "Họ tên, số giấy tờ, ngày sinh, liên lạc không có ở đây; trong lời văn chúng được thay bằng “[…]”. Tên không có ở mục nào khác của báo cáo có thể còn sót.", "Names, identity numbers, dates of birth and contacts are not here; in free text “[…]” stands for them. A name that stands in no other member of the report may remain."}
	ruleUnreadable    = rule{"API-122", report.Warning, "Phần cá nhân đã mã hóa bị hỏng: không mở được.", "The sealed personal part is damaged and does not open."}
	ruleNotExact      = rule{"API-123", report.Hint, "Văn bản được dựng lại từ dữ liệu lưu trữ; giá trị băm không trùng với biên nhận.", "The document is written anew from what is stored; its digest is not that of the receipt."}
	ruleIfMatch       = rule{"API-124", report.Error, "If-Match phải là số lần nộp mới nhất trong ngoặc kép, ví dụ \"2\", và không dùng cho tệp nhiều báo cáo.", "If-Match is the number of the newest revision in quotes, as in \"2\"; a batch takes none."}
	ruleTogether      = rule{"API-125", report.Error, "Tham số %s không dùng cùng %s.", "The parameters %s and %s exclude each other."}
	rulePurposeForm   = rule{"API-127", report.Error, "Access-Purpose phải là một mã (%s), có thể kèm dấu chấm phẩy và số hồ sơ từ 1 đến 80 ký tự A–Z, a–z, 0–9, ./_-, không có số của cá nhân, và chỉ gửi một lần.", "Access-Purpose is one code (%s), after which a semicolon and the number of the case may stand, 1 to 80 of A–Z, a–z, 0–9, ./_- without a person's number; it is sent once."}
	ruleUnrecorded    = rule{"API-128", report.Error, "Không ghi được nhật ký truy cập, vì vậy không hiển thị gì. Hãy thử lại sau.", "The request could not be put on record, so nothing is shown. Please try again later."}
	ruleListensTwice  = rule{"API-180", report.Error, "Mỗi người chỉ mở nhiều nhất %d luồng số liệu cùng lúc. Hãy đóng bớt.", "At most %d live streams of one caller run at once. Close one of them."}
	ruleListeners     = rule{"API-181", report.Error, "Đang có quá nhiều người theo dõi số liệu. Hãy thử lại sau số giây nêu trong Retry-After.", "Too many listen to the figures already. Try again after the seconds that Retry-After says."}
	ruleNoBoundaries  = rule{"API-182", report.Error, "Hệ thống này không có ranh giới tỉnh của danh mục đó: người vận hành chưa cung cấp.", "This installation has no boundaries of that list of provinces: its operator has supplied none."}
	ruleNoDraft       = rule{"API-126", report.Error, "Không lập được bản nháp cho loại báo cáo này: báo cáo không theo kỳ.", "There is no draft of this kind: it has no period."}
)

func apiRules() []rule {
	return append(grantRules(),
		ruleToken, ruleDenied, ruleLoader, ruleMediaType, ruleTooLarge, ruleKey, ruleParameter, ruleUnknown, ruleArea, ruleNoPath,
		ruleMethod, ruleBusy, ruleFault, ruleSlow, ruleNotStored, ruleNoData, ruleNotHere, ruleStore, ruleEmptyBatch,
		ruleNoRow, ruleReceipt, ruleLiveView, ruleNothingYet, ruleRepeated, ruleBatchBroken, ruleUnconfirmed,
		ruleNotPast, rulePreparing, ruleOtherMoments,
		ruleEarlier, ruleRankAlone,
		ruleFineSplit, ruleBodyLimit, ruleEmptyBody, ruleStopping, ruleLeftOut,
		ruleDecision, ruleDecisionText, ruleDecided, ruleMeanwhile, ruleNoReplay, ruleReplay,
		ruleMoving,
		ruleKind,
		ruleNoAccident, ruleNoQuickReport,
		rulePeriod, ruleLimited, ruleGuessing, ruleHost, ruleCrossSite, ruleBomb,
		ruleUnitOrProvince, rulePersonalUnit, ruleNotRegistered, ruleNoObligation,
		ruleIssuer, ruleAccessBody, ruleAccessWish, ruleAccessWider, ruleKeyEnded, ruleKeyMeanwhile, ruleKeysTooMany, ruleKeyOfKey, ruleKeyRotations,
		rulePurpose, rulePurposeForm, ruleUnrecorded, ruleErased, ruleWithheld, ruleRedacted, rulePersonBody, rulePersonOf, rulePersonText, rulePersonTwo, ruleUnreadable, ruleNotExact, ruleIfMatch, ruleTogether, ruleNoDraft,
		ruleExports, ruleListensTwice, ruleListeners, ruleNoBoundaries,
	)
}

// finding fills the messages. args holds the arguments of the Vietnamese text
// followed by those of the English one, which are as many. They may quote bytes of an address.
func (r rule) finding(args ...any) report.Finding {
	half := len(args) / 2
	return report.Finding{
		Code: r.code, Severity: r.severity, LegalRef: protocol,
		MessageVI: readableText(fmt.Sprintf(r.messageVI, args[:half]...)), Message: readableText(fmt.Sprintf(r.messageEN, args[half:]...)),
	}
}

// parameter is a finding about a parameter; Column names it.
func (r rule) parameter(name string, args ...any) report.Finding {
	f := r.finding(args...)
	f.Column = readableText(name)
	return f
}

// rules lists the interface's rules for the catalogue.
func rules() []report.RuleInfo {
	var infos []report.RuleInfo
	for _, r := range apiRules() {
		infos = append(infos, report.RuleInfo{
			Code: r.code, Severity: r.severity, MessageVI: r.messageVI, MessageEN: r.messageEN, LegalRef: protocol,
			Status: report.Verified,
		})
	}
	return infos
}

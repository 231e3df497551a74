"""The vocabulary of marks: levels, stars, terms, labels and what is said about papers, as patterns on folded text."""

from __future__ import annotations

import re

REACH = 64  # characters looked at on either side of a level
GAP = r"[\W_]{0,8}"  # 机·密, 机"密, 机.密
ANCHOR = re.compile(f"绝{GAP}密|机{GAP}密|秘{GAP}密|㊙密?")
ENDS = "。；！？;!?"  # of sentences
PRIVATE_LEVELS = {  # no levels of state secrets, whatever stands behind them
    "秘": ("商业", "工作", "技术", "企业", "公司", "个人", "经营", "审判", "通信", "通讯", "客户", "业务"),
    "机": ("商业", "企业", "公司"),
}
MACHINES = ("计算", "打印", "复印", "密码", "加密")  # 打印机密级 is the level of a printer
APART = ("手", "司", "飞", "主", "动", "时", "危", "有", "随", "投", "相", "电")  # 手机、密…

THING = (
    "(?:国家秘密)?(?:涉密)?(?:文 ?件|资 ?料|材 ?料|项目|工程|系统|平台|(?:信息|网络|应用|业务)系统"
    "|信息|数据|事项|载体|档案|图纸|文稿|文档|公文|电报"
    "|密件|秘密|课题|任务|[件类])?"
)
KIND = rf"(?:{GAP}(?:级(?:别|国家秘密)?|件|文 ?件|资 ?料|材 ?料))?"  # 机密级, 机密件, 机密文件
STAR = "[★☆⋆⍟⍣٭⁂⚝⛤-⛧✡✦✧✩-✰✴-✺⭐-⭒⯌-⯎⯪⯫🌟🌠🔯🟀-🟔۞⁕]"
# Also list bullets, emphasis and footnotes: a star only with a term.
WEAK = "(?:[*※∗⁎⁑✢-✥✱-✳✻-✽❀-❋꙳#◆◇◈●○◎■▲△▼▽♦♢♠♥♣☀☼❖⊛⊙⊕⊗×✕✖✗✘·•‧∙⋅・~\\-—–+=^†‡§¤☸✿🔴⚫⬟⬠⭓⭔❂]|五?角?星号?|star)"
_NUMBER = "(?:[0-9〇零一二三四五六七八九十百千廿半两] ?){1,6}"
_DAY = "(?:19|20)[0-9]{2} ?[-./] ?[0-9]{1,2}(?![0-9])|(?:19|20)[0-9]{6}(?![0-9])"
_CONDITION = (
    "[\u4e00-\u9fff]{0,8}(?:启用|启封|公布|公开|发布|开考|开始|结束|使用|解密|完成|竣工|批准|审定)之?前"
)
TERM = (
    f"(?:至|到|期限)?[\\W_]{{0,2}}(?:{_DAY}|{_NUMBER}(?:周年|年|个? ?月|[日天周]|星期|[yY](?:ears?|rs?)?\\b)"
    f"|长 ?期|永 ?久|终身|无限期|不定期|{_CONDITION})"
)
# Of the clause: 机密性, 秘密共享, 机密计算 go on.
END = r"(?=$|[\W_]|[0-9]|保 ?密 ?期)"

LABEL = (
    r"(?:密[\W_]{0,4}级|国家秘密(?= ?[:=])|(?:安全|国家)?(?:保 ?密|秘 ?密|涉 ?密|定 ?密|密 ?件)(?:等 ?级|级 ?别|程 ?度)"
    r"|密件(?=\W)|定 ?密(?:情况|结果|意见)?|标 ?密)"
    r"(?:\(?(?:标识|标志|标注|类别|级别|要求|情况)\)?)?"
)
_ADVERB = "(?:应当?|拟|已|被|现|经|均|全部|统一|依法|审定|核定|确|暂|初步|予以|整体|将|仅|主要|用于|可|需|须|要|会)*"
COPULA = (
    "(?:为|是|属于?|系|即|(?:确?定|列|划|归|认定|评定|审定|核定|定密|定级|拟定|标|标注|标记|设|调整|变更|升)(?:为|成|入|作)"
    "|达到?)了?"
)
CARRIES = "(?:涉及|涉|含有?|包含|处理|存储|存放|承载|产生|传输|流转)"
DEIXIS = "(?:本|该|此|我(?:局|厅|委|办|市|省|县|院|单位)|上述|拟建|所建|拟报|申报|所报|随附|随文|附件|后附)"
_THINGS = (
    "(?:项目|工程|系统|平台|文件|资料|材料|文档|方案|报告|数据|信息|内容|课题|任务|附件|公文|通知|图纸|清单|事项"
    "|件|文|稿|表|函|书|案|批|卷|册|网|库|期)"
)
SETTLED = re.compile("(?:经|已|现|初步)?(?:拟|确|审|核|初|暂)定的?")  # 拟定密级为机密
NATIONAL_HEAD = re.compile(r"(?:^|\W)[【〔「『(\[]国家秘密\W{0,2}$")
DOUBT = re.compile("不|非|未|无|没|勿|禁止|严禁|避免|防止|如|若|倘|凡|是否|假设|可能|一旦|分为|包括|例|应急")

STARRED = re.compile(rf"{KIND}((?:[\W_]|保密期限){{0,6}}?)({STAR})({STAR}|[\W_]){{0,4}}({TERM})?")
WEAKLY = re.compile(rf"{KIND}[\W_]{{0,6}}?{WEAK}[\W_]{{0,4}}{TERM}")
TERMED = re.compile(
    rf"{KIND}[^\w{ENDS}]{{0,4}}(?!\W{{0,4}}(?:19|20)[0-9]{{2}} ?年|\W{{0,4}}[一二][〇零九])"
    rf"{TERM}(?!(?!解密|止|有效期)[\u4e00-\u9fff])"
)
WITH_PERIOD = re.compile(
    rf"{KIND}{THING}[^\w{ENDS}]{{0,8}}(?:保 ?密 ?期 ?限?|解密(?:时间|日期|条件)|期限)[\W_]{{0,6}}"
    rf"(?:为|是|至|到)?{TERM}(?![以内])"
)
STAR_BEFORE = re.compile(rf"{STAR}[\W_]{{0,4}}(?:{TERM}[\W_]{{0,4}})?$")
WEAK_BEFORE = re.compile(rf"{WEAK}[\W_]{{0,4}}$")
WHOLE = re.compile(rf"(?:级(?:别|国家秘密)?|件|文 ?件|资 ?料|材 ?料)?(?:{END}|(?={TERM}))")
STANDS = re.compile(rf"{KIND}{THING}{END}(?![\"'”’」』]的)")

_LEVELS = "(?:绝 ?密|机 ?密|秘 ?密|非 ?密)"
_OPTIONS = f"(?:{_LEVELS}|公 ?开|内 ?部|普 ?通|一 ?般|不 ?涉 ?密|敏 ?感|工作秘密|无)"
_JOIN = r"(?:[、,/|□☐○\\~\-—或和及与至到]|以及)"
CHOICE_AFTER = re.compile(
    rf"{KIND}{THING}(?:[\W_]{{0,3}}{_JOIN}[\W_]{{0,6}}{_OPTIONS}|\s{{1,3}}{_LEVELS}(?:级|件)?(?![\u4e00-\u9fff]))"
)
CHOICE_BEFORE = re.compile(
    rf"(?:{_OPTIONS}{KIND}{THING}[\W_]{{0,3}}{_JOIN}[\W_]{{0,4}}|(?<!国家){_LEVELS}(?:级|件)?\s{{1,3}})$"
)
FIELD_ENDS, FIELD_BEGINS = re.compile(r"\"\s*[,\]}:]|\n"), re.compile(r"[,\[{:]\s*\"|\n")
MEMBERS = re.compile(r"\"\s*,\s*\"[A-Za-z0-9_-]{1,40}\"\s*:\s*\"")  # between two texts of one object
# A list of options: "秘密", "机密"; a mark among the items of a list is one by itself.
ITEM_AFTER = re.compile(rf"(?:级|件)?\"\s*,\s*\"{_OPTIONS}(?:级|件)?\"")
ITEM_BEFORE = re.compile(rf"\"{_OPTIONS}(?:级|件)?\"\s*,\s*\"$")
LEVEL = re.compile("绝密|机密|(?<!工作)(?<!商业)(?<!国家)秘密")
OTHER_TERM = re.compile(f"(绝密|机密|秘密)(?:级|件)?[^\n]{{0,8}}?{TERM}")

TICK = r"(?:[☑☒✓✔√✅■●◉⊠⊙▣🗹🗸🗷]|[\[(] ?[xX√vVyY*✓✔] ?[\])]|【[√✓]】)"
# What says without a level that this project is such: 本项目为涉密项目, 本系统涉及国家秘密, 是否涉密：是.
CONCERNED = re.compile("涉密|国家秘密")
_SUBJECT = rf"{DEIXIS}[\w 、]{{0,16}}?{_THINGS}?|(?:项目|系统|工程|平台|网络)"
_OF_SECRETS = (
    "(?:信息|业务|网络|应用)?(?:项目|系统|工程|平台|网络|文件|资料|材料|数据|信息|事项|件)?"
    "(?:工程|项目|建设项目)?"
)
SECRET_ITSELF = re.compile(
    rf"(?:(?:{_SUBJECT}){_ADVERB}{COPULA}(?:一[项个份件])?的?涉密(?:\([^()\n]{{1,8}}\))?{_OF_SECRETS}"
    rf"|{DEIXIS}{_THINGS}{_ADVERB}(?:涉密|{CARRIES}国家秘密(?:信息|数据|事项|内容|载体)?))$"
)
SECRET_FIELD = re.compile(
    r"(?:是否(?:为|系|属于?)?(?:涉密|涉及国家秘密)|(?<![非不])涉密)(?:项目|系统|信息系统|工程|事项|信息|情况)?"
    rf"[\s:\"'=|(]{{1,8}}(?:{TICK}\s?是|是\s?{TICK}|(?:是|true)(?=\s*(?:$|[\n\"',;。)}}|])))"
)
GRADED = re.compile(
    "级(?:涉密信息系统|涉密系统|信息系统|系统)?的?分级保护(?:要求|标准|规定|技术要求)?(?:进行|予以)?(?:建设|设计|防护|实施|改造|定级)"
)
BY_GRADE = re.compile(rf"(?:(?:{_SUBJECT})?{_ADVERB})?[按依][照据]?(?:国家)?$")

_ENGLISH = (
    "(?:[sS]ecre(?:t|cy)|[sS]ecurity|[cC]lassif(?:ication|ied)|[cC]onfidential(?:ity)?|miji)[A-Za-z_]{0,12}"
)
FIELD = re.compile(rf"({LABEL}|{_ENGLISH})([\W_]{{0,8}}|[\W_]{{1,4}}[A-Za-z_]{{1,20}}[\W_]{{2,5}})$")
NO_FIELD = re.compile(r"[、。；;!?~]|^ ?(?:[-/,]|—(?!—))")
LABELLED = re.compile(rf"(.*?)({LABEL})[\W_]{{0,3}}{_ADVERB}{COPULA}{GAP}$")
STATED = re.compile(
    rf"(?:经[\u4e00-\u9fff]{{1,12}})? ?({DEIXIS}[\w 、]{{0,16}}?{_THINGS}?|{_THINGS}[\u4e00-\u9fff]{{0,4}}?)"
    rf"(?:密级|等级|定密)?{_ADVERB}({COPULA}|{CARRIES}|[按参][照]?|以)(?:一[项个份件])?(?:一般|重要|最重要)?的?(?:国家)?{GAP}$"
)
MANAGED = re.compile(
    rf"级?{THING}(?:进行|予以|来)?(?:管理|保管|办理|存放|保存|传递|归档|建设)(?![\u4e00-\u9fff]{{1,4}}(?:要求|制度|办法|规定))"
)
CLAUSE = re.compile(rf"[\n\",:()“”'{ENDS}]")
LINE = re.compile(r"[\n\"]")

_BOX = r"(?:[□☐○◯⬜▢❏❑◻〇]|\[ ?\]|\( ?\))"
TICKING = re.compile("[☑☒✓✔√✅■●◉⊠⊙▣🗹🗸🗷□☐○◯⬜▢❏❑◻〇(【]|\\[")  # what a tick or a box begins with
OPTION = re.compile(rf"(?P<tick>{TICK})|(?P<box>{_BOX})|(?P<level>{_OPTIONS})(?:级|件)?")

_URGENT = "(?:特 ?急|加 ?急|特 ?提|平 ?急)"
URGENT_AFTER = re.compile(rf"{KIND}[\W_]{{0,4}}{_URGENT}")
URGENT_BEFORE = re.compile(rf"{_URGENT}[\W_]{{0,4}}$")
SLOGAN = re.compile(
    "(?:保守|严守|保护|守护|守住|泄露|泄漏|窃取|涉及|涉|事关|关于|含有|处理|存储|维护|不含)(?:[党和的与及]{0,3}国家)?的?$"
)
OPENS, CLOSES = "【〔[「『(", "】〕]」』)"
BRACKETED = re.compile(rf"(?:级|件|文 ?件|资 ?料|材 ?料)?{GAP}[】〕\]」』)](?! ?[是指为类:=,、])")
ALONE = re.compile(
    r"(?:级|件|级? ?文 ?件|级? ?资 ?料|级? ?材 ?料|级(?:项目|工程|信息|数据|档案|图纸|国家秘密))[。!]?"
)
WARNED = re.compile(
    r"(?:级?(?:文 ?件|资 ?料|材 ?料|项目|件)|级)?[,。! ]{1,2}"
    "(?:(?:严禁|请勿|不得|切勿)(?:外传|公开|复制)|阅后(?:即焚|销毁|退回|收回|请|及时)|妥善保管|注意保[密管]|知悉范围)"
)
GRADING = re.compile("分|级|类|包括|含义|定义|标识|术语|资质|资格|测评|要求|标准")
DECIDED = re.compile(
    rf"(?:已|被|经|现|拟|应|依法|[\u4e00-\u9fff]{{0,4}}内容)*(?:确?定|定密|审定|核定|认定|列)为{GAP}$"
)
PERIOD = re.compile(rf"保 ?密 ?期 ?限 ?(为|是|[:=])? ?[\"']? ?{TERM}")
PERIOD_OF = re.compile(r"\W{0,3}(本(?:文件|项目|件|系统|材料|资料)|此件|国家秘密|定密)?的?")
PERIOD_ENDS = re.compile(r"\W{0,3}(?:$|[\n。;,\"])")
PRIVATE = re.compile("合同|协议|乙方|双方|商业秘密|工作秘密|个人|NDA|竞业|离职|供应商|中标")

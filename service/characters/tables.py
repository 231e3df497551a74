"""Characters that look the same on paper. Sources: Unicode's EquivalentUnifiedIdeograph.txt (radicals and strokes that
PDF readers give back instead of characters), GB 18030-2022 (what stood in the private use area before it), UTS 39
(letters of other scripts), and the forms one character has in old and new print.
"""

from __future__ import annotations

# What NFKC leaves of radicals (CJK Radicals Supplement) and strokes; the Kangxi radicals it folds by itself.
RADICALS = (
    "⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺇𠘨 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 "
    "⺑𡯂 ⺒巳 ⺓幺 ⺔彑 ⺕𫜹 ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺠民 ⺡氵 ⺢氺 "
    "⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺪𤴔 ⺫目 ⺬示 ⺭礻 ⺮𥫗 ⺯糹 ⺰纟 ⺱罓 ⺲罒 "
    "⺳㓁 ⺴冗 ⺵𦉫 ⺶羊 ⺷𦍌 ⺸𦍋 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺽𦥑 ⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 "
    "⻃覀 ⻄西 ⻅见 ⻆角 ⻇𧢲 ⻈讠 ⻉贝 ⻊𧾷 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏邑 ⻐钅 ⻑長 ⻒镸 "
    "⻓长 ⻔门 ⻕𨸏 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻞𩙿 ⻟飠 ⻠饣 ⻡𩠐 ⻢马 "
    "⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 "
    "㇆𠃌 ㇏乀 ㇐一 ㇑丨 ㇒丿 ㇓丿 ㇔丶 ㇕𠃍 ㇖乛 ㇗𠃊 ㇘𠃎 ㇙𠄌 ㇚亅 ㇛𡿨 ㇜𠃋 ㇝乀 "
    "㇞𠃑 ㇟乚 ㇠乙 ㇡𠄎"
)
# One character in old and new print; traditional characters are other characters and stay.
PRINTS = (
    "內内 戶户 戸户 黃黄 溫温 呂吕 吳吴 呉吴 卽即 旣既 値值 眞真 靑青 淸清 別别 冊册 爭争 淨净 凈净 彥彦 "
    "産产 硏研 強强 歩步 脫脱 悅悦 沒没 奐奂 換换 汙污 汚污 虛虚 涼凉 況况 減减 決决 沖冲 稅税 銳锐 郞郎 "
    "尙尚 敎教 曁暨 鄕乡 鄉乡 吿告 戱戏 麽么 甁瓶 産产 絕绝 絶绝 羣群 峯峰 裏里 裡里 畧略 囬回 囘回 寕宁"
)
# Letters of other scripts drawn as Latin ones, and kana drawn as Chinese characters.
LETTERS = (
    "АA ВB СC ЕE НH ІI ЈJ КK МM ОO РP ЅS ТT ХX ҮY аa сc еe іi јj оo рp ѕs хx уy ӏl һh "
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX οo νv "
    "エ工 カ力 ロ口 ニ二 ハ八 タ夕 ト卜 ー一 〇0 ◯0 ○0"
)
# Signs that one hand writes as several: brackets of document numbers, dots of names, dashes, quotes.
SIGNS = (
    '〔( 〕) [( ]) 【( 】) 〖( 〗) {( }) ⟨< ⟩> 〈< 〉> 《< 》> ‹< ›> «< »> 「" 」" 『" 』" “" ”" „" ‟" ″" 〝" 〞" 〟" '
    "‘' ’' ‚' ‛' ′' `' ´' •· ・· ‧· ⋅· ∙· ●· ▪· ‐- ‑- ‒- –- —- ―- −- ⁃- ~- 〜- ∼- _- ﹘- 。. 、,"
)
# Private use code points of older national encodings and the characters GB 18030-2022 gives them.
ONCE_PRIVATE = {
    "\ue81e": "\u9fb4",
    "\ue826": "\u9fb5",
    "\ue82b": "\u9fb6",
    "\ue82c": "\u9fb7",
    "\ue832": "\u9fb8",
    "\ue843": "\u9fb9",
    "\ue854": "\u9fba",
    "\ue864": "\u9fbb",
    "\ue816": "\U00020087",
    "\ue817": "\U00020089",
    "\ue818": "\U000200cc",
    "\ue831": "\U000215d7",
    "\ue83b": "\U0002298f",
    "\ue855": "\U000241fe",
    "\ue78d": "\ufe10",
    "\ue78e": "\ufe12",
    "\ue78f": "\ufe11",
    "\ue790": "\ufe13",
    "\ue791": "\ufe14",
    "\ue792": "\ufe15",
    "\ue793": "\ufe16",
    "\ue794": "\ufe17",
    "\ue795": "\ufe18",
    "\ue796": "\ufe19",
}


def pairs(*lists: str) -> dict[str, str]:
    """The pairs of a list as a mapping."""
    return {pair[0]: pair[1] for each in lists for pair in each.split(" ") if pair}

"""Gates of the filing with the leading group's office (art. 23): a fact beside the state, told by nothing else."""

from __future__ import annotations

from service.measures.standing import Standing, gate


@gate("not_filed", 23)
def _not_filed(s: Standing) -> str | None:
    """R26: an approval is filed once; what a city filed before it came to this system is told by its import."""
    if s.fact("filed"):
        return "本项目已经备案"
    return "项目由既有系统导入，备案以导入时的文件为准" if s.fact("imported") else None

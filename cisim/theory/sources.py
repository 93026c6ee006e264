"""Each cited work once. Parameters, rules, presets and measures name a source by its key."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ASSUMPTION", "SOURCES", "Source", "bibtex"]

ASSUMPTION = "assumption"
"""The basis of a value or formula that nobody has published; shown wherever a user sees it."""


@dataclass(frozen=True)
class Source:
    """One cited work."""

    key: str
    authors: str
    year: int
    title: str
    where: str
    doi: str = ""
    kind: str = "article"  # a BibTeX entry type
    note: str = ""

    def __str__(self) -> str:
        doi = f" doi:{self.doi}" if self.doi else ""
        return f"{self.authors} ({self.year}). {self.title}. {self.where}.{doi}"


_ALL = (
    Source("kania2011", "Kania, J. and Kramer, M.", 2011, "Collective impact",
           "Stanford Social Innovation Review 9(1), 36-41"),
    Source("kania2013", "Kania, J. and Kramer, M.", 2013,
           "Embracing emergence: how collective impact addresses complexity",
           "Stanford Social Innovation Review"),
    Source("turner2012", "Turner, S., Merchant, K., Kania, J. and Martin, E.", 2012,
           "Understanding the value of backbone organizations in collective impact",
           "Stanford Social Innovation Review"),
    Source("ors2018", "ORS Impact and Spark Policy Institute", 2018,
           "When collective impact has an impact: a cross-site study of 25 collective impact initiatives",
           "ORS Impact, Seattle", kind="techreport"),
    Source("luke2013", "Luke, D. A., Wald, L. M., Carothers, B. J., Bach, L. E. and Harris, J. K.", 2013,
           "Network influences on dissemination of evidence-based guidelines in state tobacco "
           "control programs", "Health Education & Behavior 40(1 suppl), 33S-42S",
           "10.1177/1090198113492760", note="data set TCnetworks of the R package UserNetR"),
    Source("berardo2010", "Berardo, R. and Scholz, J. T.", 2010,
           "Self-organizing policy networks: risk, partner selection, and cooperation in estuaries",
           "American Journal of Political Science 54, 632-649"),
    Source("drabek1981", "Drabek, T. E., Tamminga, H. L., Kilijanek, T. S. and Adams, C. R.", 1981,
           "Managing multiorganizational emergency responses",
           "Institute of Behavioral Science, University of Colorado", kind="book"),
    Source("partner", "Varda, D. M. and others", 2008,
           "PARTNER: program to analyze, record, and track networks to enhance relationships",
           "Center on Network Science", kind="misc"),
    Source("hcap", "Healthy Communities Access Program evaluation", 2006,
           "Community coalitions under the Healthy Communities Access Program",
           "Programme evaluation reports", kind="techreport"),
    Source("ctc", "Communities That Care trials", 2012,
           "Sustainability and nine-year effects of Communities That Care coalitions",
           "Programme evaluation reports", kind="techreport"),
    Source("durlak2008", "Durlak, J. A. and DuPre, E. P.", 2008,
           "Implementation matters: a review of research on the influence of implementation on program outcomes "
           "and the factors affecting implementation",
           "American Journal of Community Psychology 41(3-4), 327-350", "10.1007/s10464-008-9165-0"),
    Source("slovic1993", "Slovic, P.", 1993, "Perceived risk, trust, and democracy",
           "Risk Analysis 13(6), 675-682", "10.1111/j.1539-6924.1993.tb01329.x"),
    Source("vanneste2014", "Vanneste, B. S., Puranam, P. and Kretschmer, T.", 2014,
           "Trust over time in exchange relationships: meta-analysis and theory",
           "Strategic Management Journal 35(12), 1891-1902", "10.1002/smj.2198"),
    Source("hegselmann2002", "Hegselmann, R. and Krause, U.", 2002,
           "Opinion dynamics and bounded confidence: models, analysis and simulation",
           "Journal of Artificial Societies and Social Simulation 5(3)"),
    Source("friedkin1990", "Friedkin, N. E. and Johnsen, E. C.", 1990,
           "Social influence and opinions", "Journal of Mathematical Sociology 15(3-4), 193-206",
           "10.1080/0022250X.1990.9990069"),
    Source("degroot1974", "DeGroot, M. H.", 1974, "Reaching a consensus",
           "Journal of the American Statistical Association 69(345), 118-121",
           "10.1080/01621459.1974.10480137"),
    Source("deming1940", "Deming, W. E. and Stephan, F. F.", 1940,
           "On a least squares adjustment of a sampled frequency table when the expected marginal "
           "totals are known", "Annals of Mathematical Statistics 11(4), 427-444",
           "10.1214/aoms/1177731829"),
    Source("arrow1961", "Arrow, K. J., Chenery, H. B., Minhas, B. S. and Solow, R. M.", 1961,
           "Capital-labor substitution and economic efficiency",
           "Review of Economics and Statistics 43(3), 225-250", "10.2307/1927286"),
    Source("raab2015", "Raab, J., Mannak, R. S. and Cambre, B.", 2015,
           "Combining structure, governance, and context: a configurational approach to network "
           "effectiveness", "Journal of Public Administration Research and Theory 25(2), 479-511",
           "10.1093/jopart/mut039"),
    Source("johnston2011", "Johnston, E. W., Hicks, D., Nan, N. and Auer, J. C.", 2011,
           "Managing the inclusion process in collaborative governance",
           "Journal of Public Administration Research and Theory 21(4), 699-721",
           "10.1093/jopart/muq045"),
    Source("bitterman2020", "Bitterman, P. and Koliba, C. J.", 2020,
           "Modeling alternative collaborative governance network designs",
           "Journal of Public Administration Research and Theory 30(4), 636-655",
           "10.1093/jopart/muaa013"),
    Source("scd2021", "Stakeholder-driven community diffusion modelling group", 2021,
           "An agent-based model of stakeholder-driven community diffusion",
           "Childhood Obesity", "10.1089/chi.2021.0264"),
    Source("strivetogether", "StriveTogether", 2023, "Proof point communities of the Cradle to Career Network",
           "StriveTogether, Cincinnati", kind="misc", note="about 7 % of communities within five years"),
    Source("ivers2012", "Ivers, N. and others", 2012,
           "Audit and feedback: effects on professional practice and healthcare outcomes",
           "Cochrane Database of Systematic Reviews", "10.1002/14651858.CD000259.pub3"),
    Source("turnover", "Nonprofit employment practices surveys", 2016,
           "Annual staff turnover of nonprofit organizations", "Survey reports", kind="techreport"),
    Source("freeman1978", "Freeman, L. C.", 1978, "Centrality in social networks: conceptual clarification",
           "Social Networks 1(3), 215-239", "10.1016/0378-8733(78)90021-7"),
    Source("salmon2011", "Salmon, J. K., Moraes, M. A., Dror, R. O. and Shaw, D. E.", 2011,
           "Parallel random numbers: as easy as 1, 2, 3",
           "Proceedings of SC '11", "10.1145/2063384.2063405", kind="inproceedings"),
)  # fmt: skip

SOURCES: dict[str, Source] = {source.key: source for source in _ALL}


def bibtex(source: Source) -> str:
    """One BibTeX entry. Where the work appeared goes to `howpublished`, whatever the entry's type."""
    fields = {
        "author": source.authors.replace(", and", " and").replace("., ", ". and "),
        "title": "{" + source.title + "}",
        "year": str(source.year),
        "howpublished": source.where,
        "doi": source.doi,
        "note": source.note,
    }
    body = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items() if value)
    return f"@{source.kind}{{{source.key},\n{body}\n}}"

"""A partner organization: what it sees, decides and does in each phase of the month."""

from __future__ import annotations

import math

from cisim.engine.organizations import Bond, Organization
from cisim.engine.streams import (
    EVIDENCE_OWN,
    EXIT,
    JOIN,
    REPRESENTATIVE,
    block,
    normal,
    uniform,
)
from cisim.theory.state import FUNCTIONS

__all__ = ["PartnerOrganization"]


class PartnerOrganization(Organization):
    """A partner: decides whom to meet, whom to trust, what to believe, what to do, whether to stay."""

    # contact
    def hear_backbone(self) -> None:
        """What help of the backbone arrives through today's tie with it, and what room that leaves."""
        levers, rules, p = self.model.levers, self.model.rules, self.model.parameters
        self.room = self.relational_capacity
        self.help_agenda = self.help_activities = self.help_measurement = self.help_communication = 0.0
        for bond in self.bonds[-1:]:
            if not bond.with_partner:
                contact = bond.tie.contact
                self.room = rules.room_for_partners(self.relational_capacity, contact)
                if self.member == 1 and levers.backbone_staff > 0.0:
                    execution = self.model.initiative.execution
                    for name in FUNCTIONS:
                        focus = getattr(levers, f"focus_{name}")
                        promised = rules.backbone_help(bond.trust, contact, focus, p)
                        setattr(self, f"help_{name}", rules.carried_out(promised, execution))

    def weigh_contacts(self) -> None:
        """What each contact with a partner is worth, as a weight in the competition for capacity."""
        rules, p = self.model.rules, self.model.parameters
        attention = rules.attention(p.outside_option, p)
        for bond in self.bonds:
            bond.tie.value[bond.side] = 0.0
            if bond.with_partner and self.can_meet and bond.other.can_meet:
                weight = rules.attention(self.worth_of(bond), p)
                bond.tie.value[bond.side] = weight
                attention += weight
        self.attention = attention
        self.share = rules.share(self.room, attention)

    def worth_of(self, bond: Bond) -> float:
        """Worth of contact with the partner on the other side of a tie."""
        rules, p, tie, other = self.model.rules, self.model.parameters, bond.tie, bond.other
        worth = rules.bilateral(
            bond.trust, tie.agreement, tie.shared_work, tie.collaboration,
            self.engagement, other.engagement, tie.same_sector, tie.affinity, p,
        )  # fmt: skip
        return float(worth + tie.common_worth())

    # agenda
    def listen(self) -> None:
        """Weighted sum of trusted contacts' framings, as they are today."""
        rules, p = self.model.rules, self.model.parameters
        self.pull[:] = 0.0
        weights = 0.0
        for bond in self.bonds:
            if bond.with_partner and bond.tie.contact > 0.0:
                distance = 1.0 - bond.tie.agreement
                weight = rules.influence_weight(bond.trust, bond.closeness, distance, p)
                weights += weight
                for k in range(len(self.pull)):
                    self.pull[k] += weight * bond.other.framing[k]
        self.pull_weight = weights

    def reframe(self) -> None:
        """Move the framing with contacts and, as a member, towards the agenda and the evidence."""
        model = self.model
        rules, p, levers = model.rules, model.parameters, model.levers
        root = rules.root(p)
        for k in range(len(self.framing)):
            self.framing[k] = rules.influenced(
                self.framing[k], self.framing_origin[k], self.pull[k], self.pull_weight, root, p
            )
        if self.member == 1:
            process = rules.carried_out(levers.agenda, model.initiative.execution)
            part = rules.facilitation(process, self.help_agenda, p)
            for k in range(len(self.framing)):
                self.framing[k] += part * (model.initiative.agenda[k] - self.framing[k])
            coverage = model.initiative.coverage
            part = rules.evidence_pull(coverage, self.adoption, levers.prototyping, self.engagement, p)
            if part > 0.0:
                self.follow_evidence(part)

    def follow_evidence(self, part: float) -> None:
        """Move the framing to the need as shared data, or own prototypes, show it."""
        model, p = self.model, self.model.parameters
        prototyping = model.levers.prototyping
        noise = model.rules.evidence_noise(model.initiative.coverage, prototyping, p)
        seen = []
        for k, z in enumerate(model.shared_evidence):
            if prototyping > 0.0:
                words = block(model.at, EVIDENCE_OWN, self.address, k)
                own = normal(words[0], words[1])
                z = (z + prototyping * own) / math.sqrt(1.0 + prototyping * prototyping)
            need, blind_spot = float(model.issue_row.need[k]), float(model.issue_row.blind_spot[k])
            seen.append(model.rules.sighting(need, blind_spot, noise, z, p))
        total = 0.0
        for share in seen:
            total += share
        for k, share in enumerate(seen):
            self.framing[k] += part * (share / total - self.framing[k])

    def agreement_with_agenda(self) -> float:
        """Agreement of its framing with the emerging agenda."""
        distance = 0.0
        for own, common in zip(self.framing.tolist(), self.model.initiative.agenda.tolist(), strict=True):
            distance += abs(own - common)
        return 1.0 - 0.5 * distance

    # activities
    def realign(self) -> None:
        """Move activities to the role as far as it is reached, supported and willing."""
        model = self.model
        rules, p = model.rules, model.parameters
        self.coordination, self.alignment = 0.0, 0.0
        if self.member == 1:
            members = model.members
            reach = min(1.0, self.reach / (members - 1.0)) if members > 1 else 0.0
            self.coordination = rules.coordination(
                rules.carried_out(model.levers.coordination, model.initiative.execution), reach, self.help_activities, self.engagement, self.contact_trust,
                self.agreement_with_agenda(), p,
            )  # fmt: skip
        distance = 0.0
        for k in range(len(self.portfolio)):
            self.portfolio[k] = rules.realigned(
                self.portfolio[k], self.role[k], self.mission[k], self.coordination, p
            )
            distance += abs(self.portfolio[k] - self.role[k])
        if self.member == 1:
            self.alignment = 1.0 - 0.5 * distance

    # measurement
    def adopt(self) -> None:
        """Use the common indicators more, or less."""
        level = self.model.rules.carried_out(self.model.levers.measurement, self.model.initiative.execution)
        asked = level * self.member
        self.adoption = self.model.rules.next_adoption(
            self.adoption, asked, self.help_measurement, self.engagement, self.model.parameters
        )

    def take_lessons(self) -> None:
        """What better contacts could teach."""
        rules, p = self.model.rules, self.model.parameters
        lesson, weights = 0.0, 0.0
        for bond in self.bonds:
            if bond.with_partner and bond.tie.contact > 0.0:
                passing = rules.passing(bond.tie.collaboration, p)
                taught = rules.lesson_weight(passing, bond.trust, bond.closeness)
                lesson += taught * max(0.0, bond.other.practice - self.practice)
                weights += taught
        self.lesson, self.lesson_weight = lesson, weights

    def improve(self, best: float) -> None:
        """Learn from contacts, from pooled data, by prototypes and by experience."""
        model = self.model
        rules, p = model.rules, model.parameters
        tried = model.levers.prototyping * self.member
        direct = self.lesson / (1.0 + self.lesson_weight)
        coverage = model.initiative.coverage
        pooled = coverage * self.adoption * max(0.0, best - self.practice) * self.member
        learnt = rules.next_practice(self.practice, direct, pooled, tried, self.engagement, p)
        self.practice = rules.experienced(learnt, self.engagement, p)
        self.practice_alone = rules.experienced(self.practice_alone, self.engagement_alone, p)

    # delivery
    def deliver(self, pooled_per_fte: float) -> None:
        """Work delivered, after the time that working together takes."""
        model = self.model
        rules, p, levers = model.rules, model.parameters, model.levers
        complements = 0.0
        for tie, other, side in self.bonds:
            if not tie.with_backbone:
                complements += rules.complement(
                    tie.collaboration, float(tie.trust[side]), tie.shared_work, other.alignment
                )
        self.reinforcement = rules.reinforcement(complements, self.coordination, p)
        self.spend_time()
        overhead = rules.overhead(self.load, levers.prototyping * self.member, p)
        staff = self.capacity * (1.0 + pooled_per_fte * self.member)
        self.output = rules.organization_output(
            staff, self.engagement, self.practice, self.reinforcement, overhead
        )

    def spend_time(self) -> None:
        """Time for meetings, contact and reporting; the load that it is."""
        rules, p, levers = self.model.rules, self.model.parameters, self.model.levers
        initiative = self.model.initiative
        meetings = rules.meeting_time(levers.meetings, self.member * self.engagement, p)
        contacts = rules.contact_time(self.contact_total, p)
        reporting = rules.reporting_time(levers.measurement * self.member, self.adoption, p)
        initiative.meeting_cost += meetings
        initiative.contact_cost += contacts
        initiative.reporting_cost += reporting
        self.load = (meetings + contacts + reporting) / self.capacity if self.capacity > 0.0 else 0.0

    def output_alone(self) -> float:
        """Work it would deliver in the world without the coalition."""
        return float(
            self.model.rules.organization_output(
                self.capacity, self.engagement_alone, self.practice_alone, 0.0, 0.0
            )
        )

    # engagement and membership
    def weigh_membership(self, alone: float) -> None:
        """Engagement follows what a member sees; the felt balance follows benefit and cost."""
        model = self.model
        rules, p, initiative = model.rules, model.parameters, model.initiative
        self.engagement_alone = rules.next_engagement(self.engagement_alone, alone, p)
        if self.present == 0:
            return
        goal = alone
        if self.member == 1:
            goal = rules.engagement_goal(
                initiative.progress, self.contact_trust, self.agreement_with_agenda(), initiative.wins,
                self.contact_total, self.load, p,
            )  # fmt: skip
            helped = self.help_agenda + self.help_activities + self.help_measurement
            benefit = rules.net_benefit(
                self.contact_trust, 0.25 * (helped + self.help_communication), self.reinforcement,
                initiative.progress, self.load, p,
            )  # fmt: skip
            self.balance = rules.next_balance(self.balance, benefit, p)
        self.engagement = rules.next_engagement(self.engagement, goal, p)

    def stay_or_leave(self, invited: int) -> None:
        """Leave, stay, or join if invited; a representative may change."""
        if self.present == 0:
            return
        rules, p, at = self.model.rules, self.model.parameters, self.model.at
        if self.member == 1:
            words = block(at, EXIT, self.address, 0)
            if uniform(words[0]) < rules.exit_chance(self.balance, self.tenure, p):
                self.member, self.left_this_month = 0, 1
            else:
                self.tenure += 1
        elif self.may_join == 1 and self.model.levers.invitations > 0.0:
            self.consider_joining(invited)
        words = block(at, REPRESENTATIVE, self.address, 0)
        if uniform(words[0]) < rules.representative_chance(p):
            self.new_representative = 1

    def consider_joining(self, invited: int) -> None:
        """Join, if invited and interested in what it sees."""
        rules, p, initiative = self.model.rules, self.model.parameters, self.model.initiative
        interest = rules.join_interest(
            initiative.visibility, initiative.progress, initiative.wins, min(1.0, self.reach), p
        )
        words = block(self.model.at, JOIN, self.address, 0)
        if uniform(words[0]) < rules.join_chance(interest, invited, self.model.levers.invitations):
            self.member, self.tenure, self.balance, self.joined_this_month = 1, 0, 0.0, 1

// The texts of the built-in prompts. Written for this project; people, places and firms are made up.

/** For rankings of paragraphs of the texts below. */
export const QUERIES: readonly string[] = [
  'The display of a rented cargo bicycle shows an error code. What can the rider do?',
  'When will the water be off, and what should residents prepare?',
  'How can a library reader avoid a reminder fee for books that were returned?',
  'Who has promised what by when?',
]

/** About 30 tokens each. */
export const SHORT_TEXTS: readonly string[] = [
  'Explain in two or three sentences why bread dough rises, to somebody who has never baked before and has no oven at home.',
  'Suggest five names for a small bicycle repair shop beside a railway station, and say in a few words what each one brings to mind.',
]

/** About 130 tokens each. */
export const MEDIUM_TEXTS: readonly string[] = [
  `You answer letters for a public library. Reply to this one in a friendly, plain tone, in at most six sentences.

"Good morning. I borrowed three books in March and was sure that I had returned them before my holiday, but last week I got a reminder with a fee of four euros and fifty cents. My neighbour says that she put them into the box at the back entrance for me, the one that was closed in April. Could you please look for them, and tell me whether I have to pay in the meantime? I would also like to reserve the new atlas."`,
  `Turn these notes into a short announcement for the residents of an apartment house. Keep every date and time, and leave out what does not concern the residents.

Notes: water off on Tuesday 14 May, 9:00 to about 12:30, all floors. Reason: old valve in the cellar, plumber booked, invoice goes to the administration. Fill kettles the evening before. Washing machines must not run. Lift works. Garden tap off until Friday. Questions to the caretaker, ground floor left, mornings only. Afterwards let the tap run for two minutes, the water may look brown.`,
]

/** About 400 tokens each. */
export const LONG_TEXTS: readonly string[] = [
  `Read the following conversation between a customer and a support agent of a company that rents out cargo bicycles. Then write a summary of at most five sentences for the colleague who takes over, list what has been promised, and name the next step.

Customer: The bicycle I picked up on Saturday has a brake that squeals, and since this morning the display stays dark when I switch it on. I have two children to take to school and cannot wait until the weekend.
Agent: I am sorry to hear that. Does the display stay dark when you press and hold the button for ten seconds?
Customer: It lights up for a moment, shows a battery sign and goes dark again. The battery was full last night, all five lamps were green.
Agent: Then the contact below the battery may be dirty. Could you take the battery out, wipe the four pins with a dry cloth and put it back until it clicks?
Customer: Done. Now it stays on, but it shows a code, E21. Can I ride with that?
Agent: You can ride without help from the motor. E21 means that the speed sensor on the rear wheel does not answer. It sits on the left side near the axle, and it may have been knocked out of place in transport.
Customer: I see it, it hangs on its cable. I do not have the tool for that screw.
Agent: Then I will send somebody. Tomorrow between seven and eight in the morning, would that be early enough for you? Our mechanic will look at the brake as well.
Customer: Seven would be perfect. Will I get the lost day back?
Agent: Yes, I will take one day off the invoice, and you keep the bicycle until Monday noon instead of Sunday evening if you like.
Customer: That is kind. Please call before you ring the bell, the baby sleeps until half past seven.`,
  `Below is the description of a small program and a list of what its users have reported. Decide which three reports should be handled first, give one reason for each, and say which report you would close and what you would answer to its author.

The program keeps the roster of a volunteer fire brigade. Members enter when they can serve; every Sunday evening it proposes a plan for the coming week, and the chief accepts or changes it. The plan is then sent to everybody as a text message, and it can be printed for the wall of the fire house. About sixty people use it, most of them on their phones.

Reports:
1. When two members swap a shift after the plan has been sent, the printed plan is right but the text message with the reminder still goes to the first member. On the second of June nobody came to the pump inspection because of this.
2. The colours of the calendar are hard to tell apart for one of our members.
3. On a phone held upright the button "accept" lies below the lower edge of the screen. One has to turn the phone.
4. Since the change of the clocks, shifts that begin at two in the morning are shown an hour late. They are stored rightly.
5. It would be nice if the program could play the sound of a siren when a plan is accepted.
6. A member who left in January still receives every message. We have deleted his entry twice.
7. The proposal gives the same three people every Friday night. They have complained, and two of them have stopped entering their times.
8. Printing takes about a minute when the printer has been asleep.`,
]

/** About 1000 tokens each. */
export const DOCUMENT_TEXTS: readonly string[] = [
  `The text below is the report of a working group to the council of a small town. Answer three questions about it: What does the group recommend, and in which order? Which figures does it rest on, and which of them are estimates? What have the opponents said, and how does the report reply? Quote no more than ten words in a row.

Report of the working group on the old mill pond

The pond below the upper mill was dug around 1790 to store water for two wheels. The last wheel stopped in 1958. Since then the pond has belonged to the town, and it has been used for skating, for a summer fair and, since 1994, as the reserve of the fire brigade. In the dry summers of the last years it has lost much of its water; in the wet spring of last year it overflowed twice and flooded the cellars of eleven houses in Weaver Lane. The council therefore asked us to say what should become of it.

We have met nine times, walked the whole course of the brook, and spoken with the fire brigade, the anglers, the school, the owners of the houses in Weaver Lane and the water office of the district. A surveyor has measured the depth at sixty points. On average the pond is 1.1 metres deep; the plans of 1902 give 2.4 metres. More than half of its volume has thus been lost to mud. The surveyor puts the mud at about 5,200 cubic metres and warns that this figure may be wrong by a tenth in either direction.

Three ways have been examined. The first is to leave everything as it is, to repair the sluice and to raise the bank by forty centimetres along Weaver Lane. This costs about 85,000 and can be done within one winter. It protects the cellars against a flood like that of last spring but not against a greater one, and the pond will go on filling up with mud at two to three centimetres a year.

The second way is to take out the mud and to restore the old depth. The mud contains little lead but more zinc than may be spread on fields, so that it has to be taken to a landfill. With transport this comes to between 390,000 and 460,000, of which the district may bear two fifths. The pond would hold twice the water, the fire brigade would have its reserve even in a dry August, and the anglers would be content. The work takes two winters, and the fair would have to be held elsewhere for one summer.

The third way is to give up the pond, to remove the dam and to let the brook run freely through a wet meadow. A brook that is not dammed needs no sluice and no upkeep; the meadow would hold back a flood better than a full pond does; and fish could again pass to the upper course. The water office favours this way and would pay seven tenths of the 310,000 that it is estimated to cost. The fire brigade, however, would need a tank of 200 cubic metres below the market square, for which we have a single offer of 140,000, and the town would lose its skating ground and the view that is on its postcards.

At the public meeting in October, which 140 people attended, most speakers wanted to keep the pond. Some said that the flood had been caused by a branch in the sluice and not by the mud, and that better care would do. We have looked into this. The log of the brigade shows that the branch was removed at ten in the morning, while the water rose until four in the afternoon. Others feared for the toads that cross the lane in March. In the view of the district's expert the toads would do well in a wet meadow and badly during two winters of digging.

We recommend, by six votes to three, to repair the sluice and raise the bank at once, because the cellars cannot wait; to apply for the means of the district for taking out the mud; and to return to the third way only if that application is refused. The three members who voted against would begin with the third way now, since its means may no longer be offered in two years. All nine of us ask the council to decide before the end of March, so that the bank can be raised before the next winter.`,
  `You are given the handbook page of a hotel's night desk and a log of one night. Find every point at which the log departs from the handbook, say for each whether it mattered, and propose one change to the handbook that would have prevented the most serious of them.

Handbook, night desk

The night desk is staffed by one person from ten in the evening until half past six. At the beginning of the shift the evening colleague hands over the cash box, the master key, the list of guests who have not yet arrived and the list of wake-up calls. Both count the cash and sign. The master key stays on the body of the person on duty and is never lent, not even to the kitchen.

The main door is locked at midnight. Guests who arrive later ring; before opening, look through the camera and ask for the name. A person who is not on the list of guests may wait in the lobby only while the guest whom they visit is called. If the guest does not answer, the visitor leaves. Deliveries are not accepted between midnight and five, with the exception of medicines, which are noted in the log with the time and the name of the carrier.

Every two hours, at about midnight, two and four, walk through all floors, the garage and the kitchen. The round takes some twenty minutes. Before the round, put the sign on the desk and switch the telephone to the handset. On the round check that fire doors are closed, that nothing stands in the corridors and that the kitchen's gas tap is shut. Write down the time at which you return, and what you found, even if it was nothing.

If the fire panel reports an alarm, look up the room on the panel, call it, and go there with the extinguisher if nobody answers within a minute. Do not silence the panel before you have seen the place with your own eyes. If there is smoke, press the red button at the stairs and call the fire brigade; then wake the manager. A false alarm is written into the log with its cause.

If a guest complains about noise, call the room that the noise comes from, once and politely. After a second complaint go there. After a third wake the manager, who alone may ask a guest to leave. Wake-up calls are made at the minute. If a guest does not answer, call again after three minutes, and then knock.

Log, night of the ninth to the tenth

22:05 Took over from Ines. Cash counted, 412.50, both signed. Three arrivals open: Okafor, Lindqvist, the Marchetti couple. Wake-up calls: 204 at 4:45, 310 at 5:30, 117 at 6:00.
23:10 Lindqvist arrived, room 209. Asked for a second pillow, brought it.
23:55 Locked the main door. Round: all in order, gas shut, a tray in the corridor of the second floor, took it down. Back at 0:20.
0:40 Marchetti couple arrived, seen on the camera, opened. Room 305.
1:05 Room 118 complains about music from 120. Called 120, they apologised.
1:30 A driver brought a parcel for the kitchen, fish on ice, would have spoiled. Signed for it and put it into the cold room.
1:50 Room 118 complains again. Called 120 again, no answer, quiet afterwards.
2:15 Round: a fire door on the third floor held open with a chair, removed the chair. Garage in order. Kitchen in order. Back at 2:40.
3:05 Cook came early for the bread and had forgotten his key. Lent him the master key for ten minutes, got it back at 3:30.
3:40 Fire panel, room 214. Silenced it because of the hour, called 214, no answer, went up. Guest had showered with the door open, steam. No smoke. Aired the room.
4:20 Round, short, without the garage, because of the telephone. Back at 4:30.
4:45 Wake-up call 204, answered.
5:10 Okafor arrived, flight had been late. Room 112. Very tired, carried the case.
5:30 Wake-up call 310, no answer. Called again at 5:40, answered.
6:00 Wake-up call 117, answered.
6:25 Handed over to Paul. Cash counted, 412.50, both signed.`,
]

"""Messages of the length people write, for benchmarks: our own writing, no two alike, spam and ordinary talk mixed."""

from __future__ import annotations

MESSAGES = tuple(
    """\
Does anyone know if the library on Mill Street is open this Sunday? The website still shows last year's hours.
Make $900 a day from home, no skills, no boss! I started last week and already quit my job. DM me the word START.
I tried the soup recipe you posted and swapped the cream for oat milk. Worked fine, though it needs more salt.
FREE gift cards for the first 500 people!! Click the link in my profile and enter your card number to verify.
Can somebody explain why my bread is dense? I let it rise for two hours in a cold kitchen and the crumb is like clay.
Hello dear, I am a lawyer of a late client with your surname. Contact me privately about an inheritance of 4 million.
The match yesterday was painful to watch. Three own goals and the keeper looked as if he wanted to go home.
Buy followers cheap! 1,000 for two dollars, delivered in an hour, real accounts, money back. See shop link below.
My daughter starts school next week and she is more relaxed about it than I am. Any tips for the first morning?
I switched to the new phone plan and my bill went up by four euros instead of down. Is that happening to others too?
Crypto signals group, 97% accuracy, join before midnight, only 12 seats left. Last week our members made 40x.
Thanks to whoever left the umbrella at the bus stop on Tuesday. I brought it back, it hangs on the fence.
Has anyone used the blue paint from the hardware shop on outdoor wood? Mine peeled after one winter.
Lose 10 kilos in 10 days with this one tea, doctors hate it. Order now and get a second box free of charge.
I disagree with the article, the bike lane did not cause the jam, the construction site did. I ride there daily.
Check out my new channel, I post every day, sub for sub, like for like, I always return the favour, promise!!!
Our cat has been missing since Friday evening. Grey, white paws, very shy. Please look in your sheds and garages.
Your account will be closed in 24 hours. Confirm your password here to keep your access, regards, support team.
What is a fair price for a used cargo bike that is three years old and has a new battery but a worn chain?
WIN WIN WIN the new console, just share this post in five groups and send us your phone number to take part.
I baked forty muffins for the school fair and sold two. Does anybody want thirty-eight muffins, blueberry, fresh?
The meeting moved from four to half past four, same room. Bring the printed list, the projector is broken again.
Work from home as a package agent: receive parcels, forward them, earn 300 a week. No questions, no experience.
Honestly the second season is better, they finally let the side characters talk and the music is less loud.
Limited offer for members of this group: luxury watches, 90% off, original box, shipping in two days, pay by gift card.
Could the person parking in front of number 12 please move? The bin lorry cannot get past and it is collection day.
I am looking for a second-hand violin for a child of eight. It does not need to be pretty, only to stay in tune.
Hot singles near you are waiting, register free, no card needed, just confirm your age with a small payment.
The new update drains my battery. It was at 80 at breakfast and at 15 by lunch, with the screen off all morning.
Join our trading academy, learn the secret the banks hide, first lesson free, then only 49 a month. Ask me how.
Reminder: the pool is closed from Monday to Thursday because they change the filters. Sauna stays open.
Does a sourdough starter survive two weeks in the fridge? I forgot mine over the holidays and it smells of paint.
I made a small tool that turns recipes into shopping lists. It is free and has no ads, feedback is very welcome.
Best essay service, A grade guaranteed, no plagiarism, pay after delivery. Use my code for 20 percent off today.
We waited ninety minutes for a pizza and then it was the wrong one. The driver was kind about it, though.
Sell your old gold with us, best price in town, cash at once, we come to your home. Call the number in my bio.
If you prune the roses now you will lose the first bloom. Wait until the forsythia flowers, my grandmother said.
Congratulations, you are today's lucky visitor! Claim your prize within ten minutes or it goes to the next person.
I think the moderators did the right thing by locking that thread, it had stopped being about gardening long ago.
Does anyone have the assembly instructions for the white shelf with the two drawers? Mine came without them.
Get your loan in five minutes, bad credit welcome, no papers. Small processing fee to be paid up front by voucher.
The trail behind the quarry is flooded again. You can get through with boots, but not with a pram or a road bike.
Selling two tickets for Saturday at the price I paid, row 14, seats together. I am ill and would hate to waste them.
Follow back everyone who follows me, let us all grow together, comment with your name and I will shout you out.
My neighbour practises the drums at six in the morning. I like him and I do not want a fight. What would you do?
Miracle cream removes wrinkles overnight, as seen on television, today with a second tube for nothing. Link below.
The exam was harder than last year's, question four was not in the book at all. Did anyone finish in time?
We are hiring reviewers: write five stars for our products and keep them for free plus ten dollars for each review.
Is the train to the coast running this weekend or is it the replacement bus? The app says both at the same time.
Thank you all for the advice about the dishwasher. It was the little filter, it took ten minutes and cost nothing.
Private VPN and streaming accounts, lifetime access, three dollars each. Thousands of happy buyers, message me now.
I planted tomatoes too early and the frost took all of them. Third year in a row. At least the peas are fine.
Send this to ten friends and the app unlocks premium forever, I swear it works, I did it and I have it now!
The doctor said it is nothing serious, just rest and water. Thanks for asking, I will be back at training in June.
Unlock any phone, remove any debt from your record, change your grades. Contact our hacker team by messenger.
Who is coming to the clean-up by the river on Saturday? We have gloves and bags, bring good shoes and a friend.
Earn passive income with our robot, it trades while you sleep. Deposit 200 and withdraw 2,000 on Friday.
Please stop feeding bread to the ducks. It makes them ill. The kiosk sells proper grain for fifty cents a cup.
I wrote a review of the little cinema on my blog, in case anyone wonders whether the seats have become better.
Urgent: your parcel is waiting at customs. Pay the fee of 1.99 with this link or it will be returned tomorrow.
My printer prints everything in pink since the last update. I have cleaned it twice. Should I give up on it?
Only today: designer bags, same factory, a tenth of the price. We ship everywhere. Reply PRICE for the list.
The bakery at the corner is closing after sixty years. Go and say goodbye to Mrs Lang, she will be glad.
Vote for my photo please, it takes a second, and I will vote for yours. Just log in with your bank for security.
""".splitlines()
)

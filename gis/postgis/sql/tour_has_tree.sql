-- Whether a tree is on a tour.
SELECT seq FROM tour_stop WHERE tour_id = %(tour_id)s AND tree_id = %(tree_id)s LIMIT 1

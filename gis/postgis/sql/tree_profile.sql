-- The city folder's words about trees and weather.
SELECT body FROM tree_profile
